"""Says things on the terminal: sentences from codes, and JSON where a program reads along."""

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from dispatch.errors import LaluanError, Several
from dispatch.words import sentence

if TYPE_CHECKING:
    from rich.console import Console

    from dispatch.model.said import Said


def sentences(error: LaluanError) -> list[str]:
    """Give the sentence of an error, or one for each of several."""
    if isinstance(error, Several):
        return [text for one in error.errors for text in sentences(one)]
    return [visible(sentence(error.code, error.values))]


def visible(text: str) -> str:
    """Give a text without characters that would move a terminal's cursor or hide what stands there."""
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "" for letter in text)


def say(code: str, **values: str | int) -> None:
    """Write a sentence."""
    click.echo(visible(sentence(code, values)))


def said_text(said: "Said", names: Mapping[str, str] | None = None) -> str:
    """Give the sentence of something said."""
    return visible(sentence(said.code, said.named(), names=names))


def write_json(noun: object) -> None:
    """Write a noun as JSON for a program to read."""
    from dispatch.model.codec import to_json

    click.echo(json.dumps(to_json(noun), ensure_ascii=False, indent=2, sort_keys=True))


def console() -> "Console":
    """Give the terminal; where the output is none (a file, a pipe), plain text of a fixed width."""
    from rich.console import Console

    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(file=sys.stdout, width=140, force_terminal=False, no_color=True, highlight=False)
