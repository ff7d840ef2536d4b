"""How well chats are read: precision and recall of each field; `python -m benchmarks.chat` from the checkout.

The held messages were written before any rule, the fresh, second, third and fourth ones later and scored before a rule was changed
for them; all are kept apart. The developed ones are what the rules were made with. A field counts as right only where its value is the one expected, a place where it is the same one.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.report import NOTHING, add_output, percentile, table, write
from dispatch.intake.chat.as_json import reading_json
from dispatch.intake.chat.nouns import DraftField
from dispatch.intake.chat.reading import read_chat
from dispatch.intake.gazetteer import shipped

NAME = "chat"
FOLDER = Path(__file__).resolve().parent.parent / "tests" / "intake" / "messages"
NEAR_DEGREES = 0.0002
SETS = ("held", "fresh", "second", "third", "fourth", "developed")


@dataclass(slots=True)
class Score:
    """What was right, made up and missed, by field."""

    right: Counter[str] = field(default_factory=Counter)
    made_up: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    whole: int = 0
    languages: int = 0
    intents: int = 0
    milliseconds: list[float] = field(default_factory=list)

    def cell(self, name: str) -> str:
        """Give the precision and recall of a field in percent, and how often it was said."""
        right, said = self.right[name], self.right[name] + self.missed[name]
        given = right + self.made_up[name]
        return f"{_percent(right, given)} / {_percent(right, said)} ({said})"

    def all_fields(self) -> "Score":
        """Give the score of all fields together, under the name "all"."""
        total = Score()
        for counts, whole in ((self.right, total.right), (self.made_up, total.made_up), (self.missed, total.missed)):
            whole["all"] = sum(counts[one.value] for one in DraftField)
        return total


def main() -> None:
    """Read every set and tell how well."""
    parser = argparse.ArgumentParser(description="Scores the reading of chats.")
    add_output(parser)
    asked = parser.parse_args()
    scores = {name: score(messages(name)) for name in SETS}
    fields = [*(one.value for one in DraftField), "ask"]
    rows = [[name, *(one.cell(name) for one in scores.values())] for name in fields]
    rows.append(["all but ask", *(one.all_fields().cell("all") for one in scores.values())])
    lines = [*(_told(name.capitalize(), one) for name, one in scores.items()), ""]
    lines += table(("field", *(f"{name}: precision / recall (said)" for name in SETS)), rows)
    print("\n".join(lines), flush=True)
    write(asked.output, NAME, lines)


def messages(name: str) -> list[dict[str, Any]]:
    """Give the messages of a set with what is expected of each."""
    found: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["messages"]
    return found


def score(wanted: Sequence[Mapping[str, Any]]) -> Score:
    """Read each message and compare it with what is expected."""
    total = Score()
    for message in wanted:
        began = time.process_time()
        reading = read_chat(message["text"], now=datetime.fromisoformat(message["now"]), gazetteer=shipped())
        total.milliseconds.append(1_000 * (time.process_time() - began))
        got = reading_json(reading, message["text"])
        errors = _compare(message, got, total)
        total.messages += 1
        total.languages += got["language"] == message["language"]
        total.intents += got["intent"] == message["intent"]
        total.whole += not errors and (got["language"], got["intent"]) == (message["language"], message["intent"])
    return total


def _compare(message: Mapping[str, Any], got: Mapping[str, Any], total: Score) -> int:
    errors = 0
    for number in range(max(len(message["bookings"]), len(got["bookings"]))):
        expected = message["bookings"][number] if number < len(message["bookings"]) else {}
        booking = got["bookings"][number] if number < len(got["bookings"]) else {}
        for name in (one.value for one in DraftField):
            wished = expected.get(name)
            value = booking.get(name, {}).get("value") or None
            if wished is not None and value is not None and is_same(name, wished, value):
                total.right[name] += 1
                continue
            total.made_up[name] += value is not None
            total.missed[name] += wished is not None
            errors += value is not None or wished is not None
    wished_ask, got_ask = set(message["ask"]), set(got["ask"])
    total.right["ask"] += len(wished_ask & got_ask)
    total.made_up["ask"] += len(got_ask - wished_ask)
    total.missed["ask"] += len(wished_ask - got_ask)
    return errors + (wished_ask != got_ask)


def is_same(name: str, wished: Any, value: Any) -> bool:
    """Say whether a value is the one expected; a pin within twenty metres is."""
    if name != DraftField.PLACE:
        return bool(wished == value)
    if "lat" in wished:
        return (
            value["lat"] is not None
            and abs(value["lat"] - wished["lat"]) < NEAR_DEGREES
            and abs(value["lon"] - wished["lon"]) < NEAR_DEGREES
        )
    # A building nobody knows, or a postcode: that a place was seen there is all that is asked.
    return "name" not in wished or bool(value["name"] == wished["name"])


def _told(name: str, total: Score) -> str:
    return (
        f"* {name}: {total.messages} messages, {total.whole} without any error; language right in {total.languages}, intent in "
        f"{total.intents}; {percentile(total.milliseconds, 50):.1f} ms of CPU a message (p50), "
        f"{percentile(total.milliseconds, 95):.1f} ms (p95)."
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else NOTHING


if __name__ == "__main__":
    main()
