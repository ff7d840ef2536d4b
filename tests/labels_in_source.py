"""Finds every label of the pages in their sources: what templates and Python hand to `_()` and `translate()`.

A label is English text. What is computed cannot be found, so that every computed one is either a table with a name of
`TABLES`, or listed in `COMPUTED` with what it may become.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
WEB = ROOT / "web"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

TABLES = {
    "GENDERS",
    "MODES",
    "STATUSES",
    "BREAKS",
    "PRECISIONS",
    "ROLES",
    "WISHES",
    "KINDS",
    "WEEKDAYS",
    "_NAVIGATION",
    "_COMPANY_NAVIGATION",
    "spans",
}
"""Names of tables in `web/` that hold labels, beside every name that ends in LABELS."""

COMPUTED: dict[str, tuple[str, ...]] = {
    "label": (),  # of a table or of a form's field, found there
    "labels[word]": (),
    "one[1]": (),
    "name": WEEKDAYS,
    "name[:2]": tuple(day[:2] for day in WEEKDAYS),
    "item.what.capitalize()": ("Meal", "Prayer", "Rest", "Personal"),
    "row.mode.value.capitalize()": ("Car", "Motorbike", "Transit", "Walk"),
    "row.gender.value.capitalize()": ("Female", "Male"),
    "what | capitalize": ("Gate", "Parking", "Lift", "Guard", "Address"),
    "labels.get(name, name.replace('_', ' '))": (),
    "labels.get(group, group.replace('_', ' '))": (),
}
"""Computed labels, as they are written: what they may become. `()` where their words come from tables or fields."""

_READERS = {"text", "integer", "clock", "day", "money_sen", "minutes_s", "choice", "maybe", "degrees", "place"}
"""Methods of a form's fields whose `label` says how people call the field."""

UNTRANSLATED = {"Laluan", "Waze", "Google", "Maps", "WhatsApp", "km", "RM", "CSV", "XLSX", "ICS", "nbsp"}
"""Words that stand as they are in every language."""

_ENTITY = re.compile(r"&\w+;")
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_STATEMENT = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_SCRIPT = re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL)
_CLASS = re.compile(r"\{% block body_class %\}.*?\{% endblock %\}")
_TEXT = re.compile(r"""<[^>]*>|<[^>]*$|^[^<]*>|[\w-]+="[^"]*"?""")
_SPOKEN = re.compile(r"""\b(?:title|aria-label|placeholder|alt|aria-description)="([^"]*)\"""")
_LITERAL = re.compile(r"""^\s*(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)')\s*$""")


def labels_in_the_pages() -> dict[str, str]:
    """Give every label with the place it was found at."""
    found: dict[str, str] = {}
    for label, where in (*_of_templates(), *_of_python()):
        found.setdefault(label, where)
    return found


def unknown_computed() -> list[str]:
    """Give every computed label that nobody listed, with its place."""
    asked = [(text, where) for text, where, is_label in (*_calls_in_templates(), *_calls_in_python()) if not is_label]
    return [f"{where}: {text}" for text, where in asked if text not in COMPUTED]


def bare_words() -> list[str]:
    """Give every word that stands in a template outside `_()`, so that nobody could translate it, with its place."""
    found = []
    for path in sorted((WEB / "templates").rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        for code in (_ENTITY, _COMMENT, _CLASS, _STATEMENT, _SCRIPT):
            source = code.sub(lambda cut: re.sub(r"[^\n]", " ", cut[0]), source)
        for number, line in enumerate(source.splitlines(), start=1):
            shown = _TEXT.sub(" ", line)
            attributes = " ".join(attribute[1] for attribute in _SPOKEN.finditer(line))
            words = [word for word in re.findall(r"[^\W\d_]{2,}", f"{shown} {attributes}") if word not in UNTRANSLATED]
            if words:
                found.append(f"{path.relative_to(ROOT)}:{number}: {' '.join(words)}")
    return found


def _of_templates() -> Iterator[tuple[str, str]]:
    for text, where, is_label in _calls_in_templates():
        if is_label:
            yield text, where
        else:
            yield from ((label, where) for label in COMPUTED.get(text, ()))


def _calls_in_templates() -> Iterator[tuple[str, str, bool]]:
    """Give what stands in each `_( )` of the templates: the label itself, or the expression that computes it."""
    for path in sorted((WEB / "templates").rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        for start in re.finditer(r"(?<![\w.])_\(", source):
            inside = source[start.end() : _closing(source, start.end())]
            where = f"{path.relative_to(ROOT)}:{source.count(chr(10), 0, start.start()) + 1}"
            literal = _LITERAL.match(inside)
            if literal:
                yield (literal["double"] if literal["double"] is not None else literal["single"]), where, True
            else:
                yield inside.strip(), where, False


def _closing(source: str, at: int) -> int:
    """Give where the parenthesis that was opened just before closes, strings passed over."""
    depth, quote = 1, ""
    while depth:
        letter = source[at]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        else:
            depth += {"(": 1, ")": -1}.get(letter, 0)
        at += 1
    return at - 1


def _of_python() -> Iterator[tuple[str, str]]:
    for text, where, is_label in _calls_in_python():
        if is_label:
            yield text, where
        else:
            yield from ((label, where) for label in COMPUTED.get(text, ()))
    for path in sorted(WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign | ast.AnnAssign) and _is_table(node):
                yield from ((label, f"{path.relative_to(ROOT)}:{node.lineno}") for label in _texts(node.value))


def _is_table(node: ast.Assign | ast.AnnAssign) -> bool:
    target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
    return isinstance(target, ast.Name) and (target.id in TABLES or target.id.endswith("LABELS"))


def _texts(value: ast.expr | None) -> Iterator[str]:
    """Give the labels of a table: a dictionary's values, of each row the second text or else the first, or all of a list."""
    if isinstance(value, ast.Dict):
        for each in value.values:
            yield from _texts(each)
    elif isinstance(value, ast.Tuple | ast.List):
        for each in value.elts:
            row = each.elts[:2] if isinstance(each, ast.Tuple) else [each]
            yield from _texts(next((one for one in reversed(row) if isinstance(one, ast.Constant)), each))
    elif (
        isinstance(value, ast.Constant)
        and isinstance(value.value, str)
        and (value.value[:1].isupper() or value.value[:1].isdigit())
    ):
        yield value.value


def _calls_in_python() -> Iterator[tuple[str, str, bool]]:
    """Give what `translate` is asked for, and how the fields of forms are called."""
    for path in sorted(WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            asked: list[ast.expr] = []
            if name == "translate" and isinstance(node.func, ast.Name):
                asked = node.args[:1]
            elif name == "wrong":
                asked = node.args[2:3]
            elif name in _READERS or name == "read_shifts" or (name == "BadInput" and node.keywords):
                asked = [each.value for each in node.keywords if each.arg == "label"]
            for each in asked:
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.value, where, True
                elif isinstance(each, ast.JoinedStr) or name == "translate":  # a field's label may be a table's
                    yield ast.unparse(each), where, False
