"""The catalogue a new company starts with, read from `treatments.toml`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dispatch.errors import BadInput
from dispatch.model.account import Actor
from dispatch.model.catalogue import Complaint, Contraindication, PayRule, PriceRule, Technique, Treatment
from dispatch.model.day import SERVICE_DAY_END_S
from dispatch.shipped import data_path
from dispatch.work.doing import branch_of, record
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything `treatments.toml` holds, as nouns of one branch."""

    techniques: tuple[Technique, ...]
    complaints: tuple[Complaint, ...]
    contraindications: tuple[Contraindication, ...]
    treatments: tuple[Treatment, ...]
    price_rules: tuple[PriceRule, ...]
    pay_rules: tuple[PayRule, ...]


def treatment_id(branch_id: str, key: str) -> str:
    """Give the id of a shipped treatment in a branch, so that two branches may start with the same catalogue."""
    return f"{branch_id}-{key}"


def clock_s(text: str) -> int:
    """Read a time of the service day such as 09:30 or 25:00 into seconds; `BadInput` for anything else."""
    hours, colon, minutes = text.partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2) or int(minutes) > 59:
        raise BadInput("starter.no_time", value=text[:40])
    return int(hours) * 3_600 + int(minutes) * 60


def load_catalogue(branch_id: str, path: Path | None = None) -> Catalogue:
    """Read the starting catalogue for a branch: every treatment with its day and evening prices and pay."""
    source = path or data_path("treatments.toml")
    raw = tomllib.loads(source.read_text(encoding="utf-8"))
    treatments: list[Treatment] = []
    prices: list[PriceRule] = []
    pays: list[PayRule] = []
    for key, entry in raw["treatments"].items():
        treatment = _treatment(branch_id, key, entry)
        treatments.append(treatment)
        evening_s = clock_s(raw["evening"]["from"])
        # The hours of a rule go from its first start, included, to its last, excluded.
        spans = (
            ("day", 0, evening_s, 0, 0),
            ("evening", evening_s, SERVICE_DAY_END_S, raw["evening"]["price_sen"], raw["evening"]["pay_sen"]),
        )
        for name, from_s, to_s, more_price_sen, more_pay_sen in spans:
            for minutes, price_sen in entry["prices_sen"].items():
                rule_id = f"{treatment.id}-{minutes}-{name}"
                common = {
                    "branch_id": branch_id,
                    "treatment_id": treatment.id,
                    "minutes": int(minutes),
                    "valid_from": raw["valid_from"],
                    "from_s": from_s,
                    "to_s": to_s,
                }
                prices.append(PriceRule(id=f"price-{rule_id}", price_sen=price_sen + more_price_sen, **common))
                pay_sen = entry["pays_sen"][minutes] + more_pay_sen
                pays.append(PayRule(id=f"pay-{rule_id}", pay_sen=pay_sen, **common))
    return Catalogue(
        techniques=tuple(Technique(id=key, name=name) for key, name in raw["techniques"].items()),
        complaints=tuple(Complaint(id=key, name=name) for key, name in raw["complaints"].items()),
        contraindications=tuple(
            Contraindication(id=key, name=entry["name"], question=entry["question"])
            for key, entry in raw["contraindications"].items()
        ),
        treatments=tuple(treatments),
        price_rules=tuple(prices),
        pay_rules=tuple(pays),
    )


def _treatment(branch_id: str, key: str, entry: dict[str, Any]) -> Treatment:
    """Turn one entry of the file into the noun; its minutes are those that have a price."""
    timing = {name: entry[name] for name in ("set_up_s", "pack_up_s") if name in entry}
    return Treatment(
        id=treatment_id(branch_id, key),
        branch_id=branch_id,
        name=entry["name"],
        techniques=tuple(entry["techniques"]),
        minutes=tuple(sorted(int(minutes) for minutes in entry["prices_sen"])),
        suits=tuple(entry.get("suits", ())),
        ask_about=tuple(entry.get("ask_about", ())),
        **timing,
    )


def start_catalogue(services: Services, actor: Actor) -> bool:
    """Give a branch that has no treatment yet the starting catalogue; tells whether it did."""
    allow(actor, Permission.CATALOGUE)
    with services.store.writing() as tx:
        branch = branch_of(tx, actor)
        if tx.list(Treatment, branch.id):
            return False
        insert_catalogue(tx, load_catalogue(branch.id))
        record(tx, services, actor, "catalogue.started", branch.id)
    return True


def insert_catalogue(tx: "Writing", catalogue: Catalogue) -> None:
    """Keep a catalogue; techniques and the like belong to all branches and may be there already."""
    shared: list[Technique | Complaint | Contraindication] = [
        *catalogue.techniques,
        *catalogue.complaints,
        *catalogue.contraindications,
    ]
    for one in shared:
        if tx.find(type(one), one.id) is None:
            tx.insert(one)
    for noun in (*catalogue.treatments, *catalogue.price_rules, *catalogue.pay_rules):
        tx.insert(noun)
