"""The catalogue's forms: a treatment and a rule of price or pay as the values of their fields, and back."""

import re

from werkzeug.datastructures import MultiDict

from dispatch.model.catalogue import PayRule, PriceRule, Treatment
from dispatch.model.day import SERVICE_DAY_END_S
from web.desk.reading import DeskFields, Form
from web.forms import clock_value

TREATMENT_LABELS = {
    "name": "Name",
    "techniques": "Needs",
    "minutes": "Minutes offered",
    "suits": "Suits",
    "ask_about": "To ask about",
    "set_up": "Set-up",
    "pack_up": "Pack-up",
    "active": "Offered",
}
RULE_LABELS = {
    "treatment_id": "Treatment",
    "rule_minutes": "Minutes",
    "amount": "Amount",
    "valid_from": "Valid from",
    "from": "From",
    "to": "To",
}

_MINUTES = re.compile(r"\d{1,3}(?:[\s,;]+\d{1,3})*")


def treatment_form(treatment: Treatment) -> Form:
    """Give a treatment as the values of its form."""
    form: Form = MultiDict(
        {
            "version": str(treatment.version),
            "name": treatment.name,
            "minutes": ", ".join(str(minutes) for minutes in treatment.minutes),
            "set_up": str(treatment.set_up_s // 60),
            "pack_up": str(treatment.pack_up_s // 60),
            "active": "1" if treatment.active else "",
        }
    )
    form.setlist("techniques", list(treatment.techniques))
    form.setlist("suits", list(treatment.suits))
    form.setlist("ask_about", list(treatment.ask_about))
    return form


def read_treatment(fields: DeskFields, before: Treatment | None) -> Treatment:
    """Read a treatment from its form; raises every error found."""
    treatment = Treatment(
        id=before.id if before else "",
        branch_id=fields.actor.branch_id,
        name=fields.text("name", label="Name", required=True),
        techniques=fields.many("techniques"),
        minutes=_read_minutes(fields),
        suits=fields.many("suits"),
        ask_about=fields.many("ask_about"),
        set_up_s=fields.minutes_s("set_up", label="Set-up", most=120),
        pack_up_s=fields.minutes_s("pack_up", label="Pack-up", most=120),
        active=fields.ticked("active") if before else True,
        version=fields.version() if before else 1,
    )
    fields.finish()
    return treatment


def rule_form(rule: PriceRule | PayRule) -> Form:
    """Give a rule of price or pay as the values of its form."""
    sen = rule.price_sen if isinstance(rule, PriceRule) else rule.pay_sen
    return MultiDict(
        {
            "version": str(rule.version),
            "treatment_id": rule.treatment_id,
            "rule_minutes": str(rule.minutes),
            "amount": f"{sen // 100}.{sen % 100:02d}",
            "valid_from": rule.valid_from.isoformat(),
            "from": clock_value(rule.from_s) if rule.from_s else "",
            "to": clock_value(rule.to_s) if rule.to_s < SERVICE_DAY_END_S else "",
        }
    )


def read_rule(fields: DeskFields, kind: str, rule_id: str) -> PriceRule | PayRule:
    """Read a rule of price or pay from its form; empty hours mean the whole service day. Raises every error found."""
    amount_sen = fields.money_sen("amount", label="Amount")
    cls, amount = (PriceRule, "price_sen") if kind == "price" else (PayRule, "pay_sen")
    rule: PriceRule | PayRule = cls(
        id=rule_id,
        branch_id=fields.actor.branch_id,
        treatment_id=fields.text("treatment_id", label="Treatment", required=True),
        minutes=fields.integer("rule_minutes", label="Minutes", least=1, most=600),
        valid_from=fields.day("valid_from", label="Valid from"),
        from_s=fields.clock("from", label="From", default=0),
        to_s=fields.clock("to", label="To", default=SERVICE_DAY_END_S),
        version=fields.version() or 1,
        **{amount: amount_sen},
    )
    fields.finish()
    return rule


def _read_minutes(fields: DeskFields) -> tuple[int, ...]:
    """Read the lengths a treatment is offered in, in order."""
    value = fields.form.get("minutes", "").strip()
    if not value:
        return ()
    if not _MINUTES.fullmatch(value):
        fields.wrong("desk.no_minutes", "minutes", "Minutes offered")
        return ()
    return tuple(sorted(int(part) for part in re.findall(r"\d+", value)))
