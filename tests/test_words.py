"""Sentences are whole templates with named values, and every code the core names has one."""

import ast
import re
import string
import tomllib
from pathlib import Path

import pytest

from dispatch.shipped import data_dir
from dispatch.words import catalogue, clock, hours, money, sentence

ROOT = Path(__file__).parent.parent
CODE = re.compile(r"^[a-z_]+(\.[a-z_0-9]+)+$")
SAYING = {"said", "BadInput", "NotFound", "Conflict", "Forbidden", "Unavailable", "LaluanError"}


def codes_in_the_source() -> dict[str, str]:
    """Give every literal code that a `said(...)` or an error names, with the file it stands in."""
    found: dict[str, str] = {}
    for folder in ("dispatch", "web"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                first = node.args[0]
                if name in SAYING and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found[first.value] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return found


def test_every_code_has_a_sentence() -> None:
    """Whatever the core or the web says by a code, the English catalogue can write."""
    missing = {code: place for code, place in codes_in_the_source().items() if code not in catalogue("en")}
    assert not missing, f"Add these codes to data/words/en: {missing}"


def test_codes_are_well_formed_and_stand_once() -> None:
    """Codes are dotted lower-case words, and no code has two sentences."""
    seen: dict[str, str] = {}
    for path in sorted((data_dir() / "words" / "en").glob("*.toml")):
        for code in tomllib.loads(path.read_text(encoding="utf-8")):
            assert CODE.match(code), f"{path.name}: {code} is no dotted code"
            assert code not in seen, f"{code} stands in {seen[code]} and {path.name}"
            seen[code] = path.name


def test_templates_name_their_values() -> None:
    """No template counts on the order of its values: every brace has a name."""
    for code, template in catalogue("en").items():
        for _, name, _, _ in string.Formatter().parse(template):
            assert name is None or name.isidentifier(), f"{code} has an unnamed value"


def test_values_are_written_as_people_tell_them() -> None:
    """Times, money and lengths read as a dispatcher says them."""
    assert clock(52_200) == "14:30"
    assert clock(87_300) == "00:15 (+1)"
    assert money(123_450) == "RM 1,234.50"
    assert money(-50) == "-RM 0.50"
    assert hours(5_400) == "1 h 30"
    assert hours(1_500) == "25 min"


def test_names_replace_ids_at_the_edge() -> None:
    """An id becomes its name where one is known and stays the id where none is."""
    assert sentence("codec.unknown_key", {"path": "a", "key": "b"}).startswith("At a, the key b")
    with pytest.raises(KeyError):
        sentence("no.such_code")
