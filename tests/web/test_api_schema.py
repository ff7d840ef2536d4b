"""The document's schemas and our own reading of them: what a full implementation refuses, we refuse."""

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given
from jsonschema import Draft202012Validator, FormatChecker

from dispatch.errors import Several
from web.api.v1 import OPERATIONS, SCHEMAS
from web.api.v1.schema import read
from web.api.v1.shapes import BookingWish, NewBooking, PlanWish, SlotWish
from web.api.v1.validate import is_date, is_moment, wrong

BODIES = sorted({one.body.__name__ for one in OPERATIONS if one.body is not None})
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 2_000),
    st.floats(0.25, 700, allow_nan=False).filter(lambda number: number != int(number)),
    st.text(max_size=12),
    st.sampled_from(
        ["c-lim", "", "a b", "a\n", "2026-11-25", "2026-11-25T14:00:00+08:00", "requested", "done", "female"]
    ),
)


def part(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Give values that are often as the schema says, and often not quite."""
    if "$ref" in schema:
        return part(SCHEMAS[schema["$ref"].rsplit("/", 1)[1]])
    if schema.get("type") == "object":
        known = {name: part(one) for name, one in schema["properties"].items()}
        needed = {name: known[name] for name in schema["required"]}
        more = {name: value for name, value in known.items() if name not in needed}
        return st.one_of(
            st.fixed_dictionaries(needed, optional=more),
            st.fixed_dictionaries({}, optional=known),
            st.dictionaries(st.sampled_from([*known, "colour", "a/b~c"]), SCALARS, max_size=4),
        )
    if schema.get("type") == "array":
        return st.one_of(st.lists(part(schema["items"]), max_size=3), SCALARS)
    if schema.get("enum"):
        return st.one_of(st.sampled_from(schema["enum"]), SCALARS)
    return SCALARS


def full(name: str) -> Draft202012Validator:
    """Give a full implementation's reading of one of the document's schemas, which judges formats as we do."""
    formats = FormatChecker(formats=())
    formats.checks("date")(lambda text: not isinstance(text, str) or is_date(text))
    formats.checks("date-time")(lambda text: not isinstance(text, str) or is_moment(text))
    schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": SCHEMAS}}
    return Draft202012Validator(schema, format_checker=formats)


@pytest.mark.parametrize("name", BODIES)
def test_we_read_the_schemas_as_others_do(name: str) -> None:
    """Whatever comes as a body, a full implementation of JSON Schema and our own agree whether it may."""
    theirs = full(name)
    seen = set()

    @given(part({"$ref": f"#/components/schemas/{name}"}))
    def agree(value: Any) -> None:
        ours = not list(wrong(value, SCHEMAS[name], SCHEMAS))
        # Python's `$` lets a line's end follow, in their library too; JSON Schema's does not.
        assert ours == theirs.is_valid(value) or r"\n" in repr(value)
        seen.add(ours)

    agree()
    assert False in seen


def test_every_schema_is_a_schema() -> None:
    """All the document's schemas are valid ones of the 2020-12 dialect, each with a sentence of what it is."""
    for name, schema in SCHEMAS.items():
        Draft202012Validator.check_schema(schema)
        assert schema["description"], name


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2026-11-25T14:00:00+08:00", True),
        ("2026-11-25T14:00:00Z", True),
        ("2026-11-25T14:00:00.250Z", True),
        ("2026-11-25T14:00:00", False),
        ("2026-11-25 14:00:00Z", False),
        ("2026-11-25T14:00Z", False),
        ("2026-11-25T24:00:01Z", False),
        ("2026-02-30T14:00:00Z", False),
        ("20261125T140000Z", False),
        ("2026-W48-3T14:00:00Z", False),
    ],
)
def test_moments_are_those_of_rfc_3339(text: str, good: bool) -> None:
    """A moment has its date, its time to the second and its offset, and is one of the calendar."""
    assert is_moment(text) is good


def test_defaults_are_those_of_the_document() -> None:
    """A field left out has the value that the document says it has."""
    wish = {
        "day": "2026-11-25",
        "client_id": "c",
        "address_id": "a",
        "treatment_id": "t",
        "minutes": 60,
        "windows": [{"start": "2026-11-25T14:00:00+08:00", "end": "2026-11-25T15:00:00+08:00"}],
    }
    for shape, value in ((BookingWish, wish), (NewBooking, wish), (SlotWish, wish), (PlanWish, {})):
        properties = SCHEMAS[shape.__name__]["properties"]
        spelled = {name: one["default"] for name, one in properties.items() if "default" in one}
        assert read(shape, value, SCHEMAS) == read(shape, {**spelled, **value}, SCHEMAS)


def test_no_more_errors_are_told_than_anybody_reads() -> None:
    """A body that is wrong all over is answered with twenty faults and not with thousands."""
    with pytest.raises(Several) as caught:
        read(BookingWish, {f"field{number}": 1 for number in range(500)}, SCHEMAS)
    assert len(caught.value.errors) == 20
