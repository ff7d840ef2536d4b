"""The catalogue at the desk: treatments, prices and pay, and the words they are described with."""

import re
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dispatch.errors import NotFound
from dispatch.model.catalogue import Complaint, Contraindication, PayRule, PriceRule, Technique
from dispatch.work.catalogue import (
    add_complaint,
    add_contraindication,
    add_pay_rule,
    add_price_rule,
    add_technique,
    add_treatment,
    change_pay_rule,
    change_price_rule,
    change_treatment,
    get_treatment,
    remove_pay_rule,
    remove_price_rule,
)
from dispatch.work.catalogue import catalogue as whole_catalogue
from dispatch.work.permissions import Permission
from web.access import needs
from web.current import current_actor, current_services, today
from web.desk import bp
from web.desk.catalogue_form import RULE_LABELS, TREATMENT_LABELS, read_rule, read_treatment, rule_form, treatment_form
from web.desk.pages import named, page
from web.desk.reading import DeskFields, Form
from web.desk.trouble import FORM_ERRORS, NO_TROUBLE, Trouble, beside_newest, trouble_of
from web.forms import Fields
from web.translate import sentence

Page = tuple[str, int]

KINDS = ("price", "pay")
WORDS = ("technique", "complaint", "contraindication")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForm:
    """The small form of the page that was sent and has to be mended: which one, and what was typed."""

    name: str = ""
    form: Form


NONE_OPEN = OpenForm(form=MultiDict())


@bp.get("/catalogue")
@needs(Permission.CATALOGUE)
def catalogue() -> Page:
    """Show everything on offer."""
    return _answer(NO_TROUBLE, NONE_OPEN)


@bp.get("/catalogue/treatments/new")
@needs(Permission.CATALOGUE)
def new_treatment() -> Page:
    """Show the empty form of a treatment."""
    return _treatment_answer("", MultiDict({"set_up": "10", "pack_up": "8", "active": "1"}), NO_TROUBLE)


@bp.post("/catalogue/treatments/new")
@needs(Permission.CATALOGUE)
def take_treatment() -> Page | Response:
    """Take a treatment into the catalogue, or show the form again with all that is wrong."""
    services, actor = current_services(), current_actor()
    try:
        kept = add_treatment(services, actor, read_treatment(DeskFields(request.form, services, actor), None))
    except FORM_ERRORS as error:
        return _treatment_answer("", request.form, trouble_of(error, _names()))
    flash(sentence("desk.treatment_kept", {"name": kept.name}), "good")
    return redirect(url_for("desk.catalogue"))


@bp.get("/catalogue/treatments/<treatment_id>")
@needs(Permission.CATALOGUE)
def treatment(treatment_id: str) -> Page:
    """Show a treatment."""
    known = get_treatment(current_services(), current_actor(), treatment_id)
    return _treatment_answer(treatment_id, treatment_form(known), NO_TROUBLE)


@bp.post("/catalogue/treatments/<treatment_id>")
@needs(Permission.CATALOGUE)
def change_this_treatment(treatment_id: str) -> Page | Response:
    """Change a treatment, or take it off the menu."""
    services, actor = current_services(), current_actor()
    before = get_treatment(services, actor, treatment_id)
    try:
        kept = change_treatment(services, actor, read_treatment(DeskFields(request.form, services, actor), before))
    except FORM_ERRORS as error:
        newest = treatment_form(get_treatment(services, actor, treatment_id))
        names = _names()
        form = request.form.copy()
        form["version"] = newest["version"]
        trouble = beside_newest(trouble_of(error, names), form, newest, labels=TREATMENT_LABELS, names=names)
        return _treatment_answer(treatment_id, form, trouble)
    flash(sentence("desk.treatment_kept", {"name": kept.name}), "good")
    return redirect(url_for("desk.catalogue"))


@bp.post("/catalogue/<any(price, pay):kind>")
@needs(Permission.CATALOGUE)
def keep_rule(kind: str) -> Page | Response:
    """Take a price or a rule of pay into the list, or change one."""
    services, actor = current_services(), current_actor()
    rule_id = request.form.get("rule_id", "")[:64]
    try:
        rule = read_rule(DeskFields(request.form, services, actor), kind, rule_id)
        if isinstance(rule, PriceRule):
            (change_price_rule if rule_id else add_price_rule)(services, actor, rule)
        else:
            (change_pay_rule if rule_id else add_pay_rule)(services, actor, rule)
    except FORM_ERRORS as error:
        form, trouble = request.form.copy(), trouble_of(error, _names())
        if rule_id and trouble.overtaken:
            newest = rule_form(_rule(kind, rule_id))
            trouble = beside_newest(trouble, form, newest, labels=RULE_LABELS, names=_names())
            form["version"] = newest["version"]
        return _answer(trouble, OpenForm(name=f"{kind}:{rule_id}", form=form))
    flash(sentence(f"desk.{kind}_kept"), "good")
    return redirect(url_for("desk.catalogue", _anchor=kind))


@bp.post("/catalogue/<any(price, pay):kind>/remove")
@needs(Permission.CATALOGUE)
def remove_rule(kind: str) -> Page | Response:
    """Take a price or a rule of pay off the list."""
    services, actor = current_services(), current_actor()
    fields = Fields(request.form)
    try:
        rule_id, version = fields.text("rule_id", label="Rule", required=True), fields.version()
        fields.finish()
        (remove_price_rule if kind == "price" else remove_pay_rule)(services, actor, rule_id, version)
    except FORM_ERRORS as error:
        return _answer(trouble_of(error, _names()), NONE_OPEN)
    flash(sentence(f"desk.{kind}_removed"), "good")
    return redirect(url_for("desk.catalogue", _anchor=kind))


@bp.post("/catalogue/words")
@needs(Permission.CATALOGUE)
def keep_word() -> Page | Response:
    """Take up a technique, a complaint or a condition to ask about."""
    services, actor = current_services(), current_actor()
    fields = DeskFields(request.form, services, actor)
    kind = request.form.get("kind", "")
    try:
        if kind not in WORDS:
            fields.wrong("web.field_no_choice", "kind", "Kind")
        name = fields.text("word_name", label="Name", required=True)
        question = fields.text("question", label="Question", limit=2_000, required=kind == "contraindication")
        fields.finish()
        word_id = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:40] or services.new_id()
        if kind == "technique":
            add_technique(services, actor, Technique(id=word_id, name=name))
        elif kind == "complaint":
            add_complaint(services, actor, Complaint(id=word_id, name=name))
        else:
            add_contraindication(services, actor, Contraindication(id=word_id, name=name, question=question))
    except FORM_ERRORS as error:
        return _answer(trouble_of(error), OpenForm(name="word", form=request.form))
    flash(sentence("desk.word_kept", {"name": name}), "good")
    return redirect(url_for("desk.catalogue", _anchor="words"))


def _rule(kind: str, rule_id: str) -> PriceRule | PayRule:
    known = whole_catalogue(current_services(), current_actor())
    rules: tuple[PriceRule | PayRule, ...] = known.price_rules if kind == "price" else known.pay_rules
    for rule in rules:
        if rule.id == rule_id:
            return rule
    raise NotFound("store.not_found", kind="price rule" if kind == "price" else "pay rule", id=rule_id)


def _names() -> dict[str, str]:
    known = whole_catalogue(current_services(), current_actor())
    groups = (known.techniques, known.complaints, known.contraindications, known.treatments)
    return {one.id: one.name for group in groups for one in group}


def _answer(trouble: Trouble, opened: OpenForm) -> Page:
    known = whole_catalogue(current_services(), current_actor())
    return page(
        "desk/catalogue.html",
        trouble=trouble,
        known=known,
        names=_names(),
        opened=opened,
        rules={"price": known.price_rules, "pay": known.pay_rules},
        form_of=rule_form,
        treatments=[(one.id, one.name) for one in known.treatments if one.active],
        today=today(),
    )


def _treatment_answer(treatment_id: str, form: Form, trouble: Trouble) -> Page:
    known = whole_catalogue(current_services(), current_actor())
    return page(
        "desk/treatment.html",
        trouble=trouble,
        treatment_id=treatment_id,
        name=_names().get(treatment_id, ""),
        v=form,
        techniques=named(known.techniques),
        complaints=named(known.complaints),
        contraindications=named(known.contraindications),
    )
