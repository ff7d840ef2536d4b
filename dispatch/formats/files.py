"""Reads and writes problems and plans as JSON files, so that a day can be solved again elsewhere or years later."""

from collections import Counter
from pathlib import Path
from typing import TypeVar

from dispatch.errors import BadInput, LaluanError
from dispatch.model import codec
from dispatch.model.outcome import Result
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem

LIMIT_BYTES = 256 * 1024 * 1024

T = TypeVar("T")


def read_problem(path: Path) -> DayProblem:
    """Read a day's problem; `BadInput` naming the file and what is wrong in it."""
    return problem_of(read_json(path), str(path))


def problem_of(document: object, file: str) -> DayProblem:
    """Give the day's problem a JSON document holds; `BadInput` naming the file it came from and what is wrong."""
    return _noun(DayProblem, document, file)


def read_plan(path: Path) -> Plan:
    """Read a plan, from its own file or from a solve's result; `BadInput` naming the file and what is wrong in it."""
    value = read_json(path)
    if isinstance(value, dict) and "plan" in value and "routes" not in value:
        return _noun(Result, value, str(path)).plan
    return _noun(Plan, value, str(path))


def write_noun(noun: object, path: Path) -> None:
    """Write a noun to a file in one step: the file is whole, or as it was before.

    A link stays a link, and what is no file (a pipe, a device) is written to as it is.
    """
    write_text(codec.dumps(noun) + "\n", path)


def write_text(text: str, path: Path) -> None:
    """Write a text to a file in one step, as `write_noun` does."""
    if not path.name:
        raise BadInput("formats.no_file_named")
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
            return
        target = path.resolve()
        part = target.with_name(f".{target.name}.part")
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise BadInput("formats.cannot_write", file=str(path), detail=error.strerror or str(error)) from error


def read_json(path: Path) -> object:
    """Read a file as JSON; `BadInput` naming the file and why it cannot be read."""
    try:
        if path.stat().st_size > LIMIT_BYTES:
            raise BadInput("formats.file_too_large", file=str(path), limit_mib=LIMIT_BYTES // 2**20)
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput("formats.cannot_read", file=str(path), detail=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise BadInput("formats.no_text", file=str(path)) from error
    return json_of(text, str(path))


def json_of(text: str, file: str) -> object:
    """Give the JSON document a text is; `BadInput` naming the file it came from where it is none."""
    import json

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        """Give an object whose keys stand there once each: nobody could tell which of two was meant."""
        whole = dict(pairs)
        if len(whole) < len(pairs):
            key = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
            raise BadInput("formats.key_twice", file=file, key=key[:80])
        return whole

    try:
        return json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise BadInput("formats.no_json", file=file, detail=str(error)) from error
    except RecursionError as error:
        raise BadInput("formats.too_deep", file=file) from error
    except ValueError as error:
        # Python reads no number of thousands of digits; no figure of a day has so many.
        raise BadInput("formats.long_number", file=file) from error


def _noun(cls: type[T], value: object, file: str) -> T:
    """Read a noun, and say of which file it is that something is wrong."""
    try:
        return codec.from_json(cls, value)
    except LaluanError as error:
        named = {name: part for name, part in error.values.items() if name != "file"}
        raise BadInput(f"formats.{error.code}", file=file, **named) from error
