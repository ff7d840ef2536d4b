"""Says what suits a complaint and what to ask the client first, by the treatments that come with Laluan."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from dispatch.shipped import data_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The names of the treatments that suit all complaints named, and the questions to ask before one of them."""

    treatments: tuple[str, ...]
    questions: tuple[str, ...]


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads(data_path("treatments.toml").read_text(encoding="utf-8"))


def advice(complaints: Sequence[str], treatments: Sequence[str] = ()) -> Advice:
    """Give what suits the complaints, or the treatments already chosen, with the questions each of them asks first."""
    known = _catalogue()["treatments"]
    codes = [code for code in treatments if code in known] or [
        code for code, one in known.items() if complaints and set(complaints) <= set(one["suits"])
    ]
    asked = dict.fromkeys(question for code in codes for question in known[code]["ask_about"])
    return Advice(
        treatments=tuple(known[code]["name"] for code in codes),
        questions=tuple(_catalogue()["contraindications"][code]["question"] for code in asked),
    )
