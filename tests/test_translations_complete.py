"""Everything people see has its Bahasa Malaysia and its Chinese; a failure names what is missing, and where it is used."""

import re
import tomllib
from functools import cache

import pytest

from dispatch.shipped import data_dir
from dispatch.words import LANGUAGES
from tests.labels_in_source import ROOT, bare_words, labels_in_the_pages, unknown_computed

TRANSLATED = [language for language in LANGUAGES if language != "en"]
COMMAND_LINE = ("cli.", "demo.", "starter.")
"""Codes that are only ever said on the command line, which is English."""

SHOWN_IN_SCRIPTS = re.compile(r"""["'`][A-Z][a-z]+ [^"'`]*["'`]|textContent\s*=\s*["'`][^"'`]*[A-Za-z]{2}""")


@cache
def codes(language: str) -> dict[str, str]:
    """Give every code of a language with the file it stands in."""
    return {
        code: path.name
        for path in sorted((data_dir() / "words" / language).glob("*.toml"))
        for code in tomllib.loads(path.read_text(encoding="utf-8"))
    }


@cache
def labels(language: str) -> dict[str, str]:
    """Give every label of a language; each stands in one file only."""
    found: dict[str, str] = {}
    for path in sorted((data_dir() / "words" / "labels" / language).glob("*.toml")):
        here: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))
        twice = found.keys() & here.keys()
        assert not twice, f"{path.name} of {language} says again what another file says: {sorted(twice)}"
        found |= here
    return found


def listed(found: dict[str, str]) -> str:
    """Write what was found for a person, one a line."""
    return "".join(f"\n  {where}: {what}" for what, where in sorted(found.items(), key=lambda one: one[::-1]))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated(language: str) -> None:
    """Every code of English that a page can show stands in the language's file of the same name."""
    missing = {
        code: f"data/words/{language}/{name}"
        for code, name in codes("en").items()
        if not code.startswith(COMMAND_LINE) and code not in codes(language)
    }
    assert not missing, f"Translate these sentences:{listed(missing)}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_is_left_over(language: str) -> None:
    """A language has no sentence whose English is gone."""
    left_over = {
        code: f"data/words/{language}/{name}" for code, name in codes(language).items() if code not in codes("en")
    }
    assert not left_over, f"Nobody says these any more; take them out:{listed(left_over)}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_label_is_translated(language: str) -> None:
    """Every label of a template, a form's field or a list of the pages stands in the language's labels."""
    missing = {label: where for label, where in labels_in_the_pages().items() if label not in labels(language)}
    assert not missing, f"Translate these in data/words/labels/{language}/:{listed(missing)}"
    empty = [label for label, text in labels(language).items() if not text.strip()]
    assert not empty, f"These are empty in data/words/labels/{language}/: {empty}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_label_is_left_over(language: str) -> None:
    """A language has no label that no page uses."""
    known = labels_in_the_pages()
    left_over = [label for label in labels(language) if label not in known]
    assert not left_over, f"Take these out of data/words/labels/{language}/: {left_over}"


def test_computed_labels_are_known() -> None:
    """A label that is computed is listed with what it may become, so that none escapes the catalogues."""
    unknown = unknown_computed()
    assert not unknown, f"List these in COMPUTED of tests/labels_in_source.py, or make them a table: {unknown}"


def test_templates_hold_no_bare_words() -> None:
    """No word stands in a template outside `_()`, where nobody could translate it."""
    bare = bare_words()
    assert not bare, "Put these words into _():" + "".join(f"\n  {one}" for one in bare)


def test_scripts_hold_no_sentences() -> None:
    """Scripts show what the page hands them; none holds an English sentence of its own."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted((ROOT / "web" / "static").glob("*.js"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if SHOWN_IN_SCRIPTS.search(re.sub(r"\$\{[^}]*\}", "", line.partition("//")[0]))
    ]
    assert not found, "Hand these over in a data attribute of the page:" + "".join(f"\n  {one}" for one in found)


def test_pages_write_in_the_readers_language() -> None:
    """Pages write sentences, lengths of time and dates through `web.translate`, which knows who reads them."""
    found = []
    for path in sorted((ROOT / "web").rglob("*")):
        if path.suffix not in {".py", ".html"} or path == ROOT / "web" / "translate.py":
            continue
        source = path.read_text(encoding="utf-8")
        found += [
            f"{path.relative_to(ROOT)}: {one}" for one in re.findall(r"""strftime\([^)]*%-?[aAbBcpx][^)]*\)""", source)
        ]
        taken = re.findall(r"from dispatch\.words import (.*)", source)
        found += [f"{path.relative_to(ROOT)}: {one}" for one in taken if re.search(r"\b(sentence|hours|word)\b", one)]
    assert not found, f"Take these from web.translate: {found}"


@pytest.mark.parametrize(
    ("language", "own", "count"),
    [("ms", re.compile(r"\b(?:anda|yang|dan|tidak|untuk)\b"), 100), ("zh", re.compile(r"[\u4e00-\u9fff]"), 400)],
)
def test_a_catalogue_is_in_its_own_language(language: str, own: re.Pattern[str], count: int) -> None:
    """A catalogue is written in its language, not copied from English."""
    from dispatch.words import catalogue

    assert sum(bool(own.search(text)) for text in catalogue(language).values()) > count
    same = [label for label, text in labels(language).items() if text == label and len(label.split()) > 2]
    assert not same, f"These are still English in data/words/labels/{language}/: {same}"
