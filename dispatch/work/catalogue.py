"""The treatment catalogue: techniques, complaints and contra-indications, treatments, prices and pay."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from dispatch.model.account import Actor
from dispatch.model.catalogue import Complaint, Contraindication, PayRule, PriceRule, Technique, Treatment
from dispatch.rules.company_nouns import named_errors, price_errors, treatment_errors
from dispatch.work.doing import branch_of, by_name, fetch, find, record, refuse, tidy, today
from dispatch.work.permissions import Permission, allow, may
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.errors import LaluanError
    from dispatch.store import Reading

Word = TypeVar("Word", Technique, Complaint, Contraindication)
Rule = TypeVar("Rule", PriceRule, PayRule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything on offer, sorted by name; price and pay rules by treatment, minutes, date and hour."""

    techniques: tuple[Technique, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    contraindications: tuple[Contraindication, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    price_rules: tuple[PriceRule, ...] = ()
    pay_rules: tuple[PayRule, ...] = ()


def catalogue(services: Services, actor: Actor) -> Catalogue:
    """Give the whole catalogue; pay rules only to those who keep it."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        return Catalogue(
            techniques=by_name(tx.list(Technique, "")),
            complaints=by_name(tx.list(Complaint, "")),
            contraindications=by_name(tx.list(Contraindication, "")),
            treatments=by_name(tx.list(Treatment, actor.branch_id)),
            price_rules=_sorted_rules(tx.list(PriceRule, actor.branch_id)),
            pay_rules=_sorted_rules(tx.list(PayRule, actor.branch_id)) if may(actor, Permission.CATALOGUE) else (),
        )


def get_treatment(services: Services, actor: Actor, treatment_id: str) -> Treatment:
    """Give one treatment."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        return fetch(tx, actor, Treatment, treatment_id)


def add_treatment(services: Services, actor: Actor, treatment: Treatment) -> Treatment:
    """Take a treatment into the catalogue; an empty id is given one."""
    allow(actor, Permission.CATALOGUE)
    treatment = replace(tidy(treatment), id=treatment.id or services.new_id(), branch_id=actor.branch_id, version=1)
    with services.store.writing() as tx:
        refuse(_treatment_errors(tx, treatment))
        added = tx.insert(treatment)
        record(tx, services, actor, "treatment.added", treatment.id)
    return added


def change_treatment(services: Services, actor: Actor, treatment: Treatment) -> Treatment:
    """Change a treatment, or take it off the menu (`active`); `treatment.version` is the one that was shown."""
    allow(actor, Permission.CATALOGUE)
    with services.store.writing() as tx:
        before = fetch(tx, actor, Treatment, treatment.id)
        changed = replace(tidy(treatment), branch_id=before.branch_id)
        refuse(_treatment_errors(tx, changed))
        kept = tx.update(changed)
        record(tx, services, actor, "treatment.changed", treatment.id)
    return kept


def add_technique(services: Services, actor: Actor, technique: Technique) -> Technique:
    """Take up a technique that treatments may need and therapists be trained in."""
    return _add_word(services, actor, technique, "technique.added")


def add_complaint(services: Services, actor: Actor, complaint: Complaint) -> Complaint:
    """Take up a complaint that treatments may suit."""
    return _add_word(services, actor, complaint, "complaint.added")


def add_contraindication(services: Services, actor: Actor, contraindication: Contraindication) -> Contraindication:
    """Take up a condition to ask about before treatments."""
    return _add_word(services, actor, contraindication, "contraindication.added")


def add_price_rule(services: Services, actor: Actor, rule: PriceRule) -> PriceRule:
    """Take a price into the list; an empty id is given one."""
    return _add_rule(services, actor, rule, "price.added")


def change_price_rule(services: Services, actor: Actor, rule: PriceRule) -> PriceRule:
    """Change a price; `rule.version` is the one that was shown."""
    return _change_rule(services, actor, rule, "price.changed")


def remove_price_rule(services: Services, actor: Actor, rule_id: str, version: int) -> None:
    """Take a price off the list."""
    _remove_rule(services, actor, PriceRule, rule_id, version, "price.removed")


def add_pay_rule(services: Services, actor: Actor, rule: PayRule) -> PayRule:
    """Take a rule of pay into the list; an empty id is given one."""
    return _add_rule(services, actor, rule, "pay.added")


def change_pay_rule(services: Services, actor: Actor, rule: PayRule) -> PayRule:
    """Change a rule of pay; `rule.version` is the one that was shown."""
    return _change_rule(services, actor, rule, "pay.changed")


def remove_pay_rule(services: Services, actor: Actor, rule_id: str, version: int) -> None:
    """Take a rule of pay off the list."""
    _remove_rule(services, actor, PayRule, rule_id, version, "pay.removed")


def _add_word(services: Services, actor: Actor, word: Word, code: str) -> Word:
    allow(actor, Permission.CATALOGUE)
    word = tidy(word)
    with services.store.writing() as tx:
        refuse(named_errors(word))
        added = tx.insert(word)
        record(tx, services, actor, code, word.id)
    return added


def _add_rule(services: Services, actor: Actor, rule: Rule, code: str) -> Rule:
    allow(actor, Permission.CATALOGUE)
    rule = replace(tidy(rule), id=rule.id or services.new_id(), branch_id=actor.branch_id, version=1)
    with services.store.writing() as tx:
        refuse(_rule_errors(tx, services, actor, rule))
        added = tx.insert(rule)
        record(tx, services, actor, code, rule.id)
    return added


def _change_rule(services: Services, actor: Actor, rule: Rule, code: str) -> Rule:
    allow(actor, Permission.CATALOGUE)
    with services.store.writing() as tx:
        before = fetch(tx, actor, type(rule), rule.id)
        changed = replace(tidy(rule), branch_id=before.branch_id)
        refuse(_rule_errors(tx, services, actor, changed))
        kept = tx.update(changed)
        record(tx, services, actor, code, rule.id)
    return kept


def _remove_rule(
    services: Services, actor: Actor, cls: type[PriceRule] | type[PayRule], rule_id: str, version: int, code: str
) -> None:
    allow(actor, Permission.CATALOGUE)
    with services.store.writing() as tx:
        tx.delete(replace(fetch(tx, actor, cls, rule_id), version=version))
        record(tx, services, actor, code, rule_id)


def _treatment_errors(tx: "Reading", treatment: Treatment) -> "list[LaluanError]":
    return treatment_errors(
        treatment,
        techniques={technique.id for technique in tx.list(Technique, "")},
        complaints={complaint.id for complaint in tx.list(Complaint, "")},
        contraindications={one.id for one in tx.list(Contraindication, "")},
    )


def _rule_errors(tx: "Reading", services: Services, actor: Actor, rule: PriceRule | PayRule) -> "list[LaluanError]":
    treatment = find(tx, actor, Treatment, rule.treatment_id)
    return price_errors(rule, treatment=treatment, today=today(services, branch_of(tx, actor)))


def _sorted_rules(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    return tuple(
        sorted(rules, key=lambda rule: (rule.treatment_id, rule.minutes, rule.valid_from, rule.from_s, rule.id))
    )
