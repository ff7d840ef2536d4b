"""The command that reads a chat into the draft of a booking."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

if TYPE_CHECKING:
    from dispatch.intake.chat.nouns import ChatReading

ZONE = "Asia/Kuala_Lumpur"
_SPEAKS = {"en", "ms", "zh"}
_MOST_BYTES = 1 << 20


@click.command()
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--now", "moment", metavar="TIME", help="Count days from this moment, such as 2026-11-23T14:05:00+08:00.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for a program to read.")
def read(file: Path | None, moment: str | None, *, as_json: bool) -> None:
    """Read a pasted chat into the draft of a booking, and say what to ask.

    FILE holds the chat as text; without it the chat is read from standard input.
    """
    from dispatch.intake.chat.as_json import reading_json
    from dispatch.intake.chat.reading import read_chat
    from dispatch.intake.gazetteer import shipped

    text = _text(file)
    reading = read_chat(text, now=_moment(moment), gazetteer=shipped(), zone=ZONE)
    if as_json:
        click.echo(json.dumps(reading_json(reading, text), ensure_ascii=False, indent=2))
        return
    _show(reading, reading_json(reading, text))


def _text(file: Path | None) -> str:
    """Read the chat; what is no UTF-8 text is refused."""
    from dispatch.errors import BadInput

    stream = sys.stdin.buffer if file is None else file.open("rb")
    with stream:
        data = stream.read(_MOST_BYTES)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise BadInput("chat.no_text") from None


def _moment(text: str | None) -> datetime:
    """Read a moment; one without an offset is local time of the Klang Valley."""
    from dispatch.errors import BadInput

    if text is None:
        from dispatch.wiring import now

        return now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("chat.no_moment", value=text[:40]) from None
    if not 1970 <= moment.year <= 9000:  # days are counted a year and more ahead of it
        raise BadInput("chat.no_moment", value=text[:40])
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(ZONE))


def _show(reading: "ChatReading", written: dict[str, Any]) -> None:
    """Write the draft for a person: each field with its words, then what to ask in the client's language."""
    from dispatch.cli.saying import say, visible
    from dispatch.intake.chat.advice import advice
    from dispatch.words import sentence

    say("chat.read", language=written["language"], intent=written["intent"])
    if not reading.bookings and not reading.ask:
        say("chat.nothing")
    for number, booking in enumerate(written["bookings"], 1):
        say("chat.booking", number=number)
        for name, field in booking.items():
            if field["words"]:
                percent = round(100 * field["confidence"])
                say("chat.field", field=name, value=_plain(field["value"]), percent=percent, words=field["words"])
    complaints = [code for one in reading.bookings if one.complaints for code in one.complaints.value]
    treatments = [code for one in reading.bookings if one.treatments for code in one.treatments.value]
    told = advice(complaints, treatments)
    if told.treatments and not treatments:
        say("chat.suits", treatments=", ".join(told.treatments))
    if complaints:
        for question in told.questions:
            say("chat.first", question=question)
    language = reading.language if reading.language in _SPEAKS else "en"
    for asked in reading.ask:
        click.echo(visible(sentence(f"chat.ask.{asked.value}", language=language)))


def _plain(value: Any) -> str:
    """Write one value of the JSON as a person reads it."""
    if isinstance(value, dict):
        known = value["name"] or value["text"]
        return f"{known} ({value['precision']})" if value["precision"] else str(known)
    if isinstance(value, list):
        return "–".join(value) if len(value) == 2 and ":" in value[0] else ", ".join(value)
    return str(value)
