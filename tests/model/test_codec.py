"""The codec writes every noun exactly and reads nothing it does not know."""

import importlib
import pkgutil
from dataclasses import is_dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispatch.model
from dispatch.errors import BadInput
from dispatch.model.booking import Booking, TimeWindow
from dispatch.model.branch import Branch
from dispatch.model.codec import content_hash, dumps, from_json, loads, to_json
from dispatch.model.problem import DayProblem
from dispatch.model.schema import json_schema


def nouns() -> list[type]:
    """Give every dataclass that a module of the model defines."""
    found: list[type] = []
    for module in pkgutil.iter_modules(dispatch.model.__path__):
        namespace = vars(importlib.import_module(f"dispatch.model.{module.name}"))
        found += [
            value
            for value in namespace.values()
            if isinstance(value, type) and is_dataclass(value) and value.__module__ == f"dispatch.model.{module.name}"
        ]
    return sorted(found, key=lambda noun: noun.__name__)


def generated(noun: type) -> st.SearchStrategy[Any]:
    """Give a strategy of any values of the noun, every field drawn by its type."""
    return st.from_type(noun)


st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False, min_value=-1e6, max_value=1e6))
OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
FIRST, LAST = datetime(1990, 1, 1), datetime(2090, 1, 1)  # noqa: DTZ001  # hypothesis wants naive bounds
st.register_type_strategy(datetime, st.datetimes(FIRST, LAST, timezones=OFFSETS))


@pytest.mark.parametrize("noun", nouns(), ids=lambda noun: noun.__name__)
def test_round_trip(noun: type) -> None:
    """Whatever a noun holds, writing and reading it gives the same noun, valid by its JSON Schema."""
    validator = jsonschema.Draft202012Validator(json_schema(noun))

    @settings(max_examples=8)
    @given(generated(noun))
    def holds(value: Any) -> None:
        again: Any = loads(noun, dumps(value))
        assert again == value
        assert dumps(again) == dumps(value)
        validator.validate(to_json(value))

    holds()


def booking_json() -> dict[str, Any]:
    """Give a small valid booking as JSON values."""
    booking = Booking(
        id="b1",
        branch_id="kl",
        day=date(2026, 11, 23),
        client_id="c1",
        address_id="a1",
        treatment_id="deep",
        minutes=60,
        windows=(TimeWindow(start_s=36_000, end_s=39_600),),
    )
    value: dict[str, Any] = to_json(booking)
    return value


def test_unknown_key_is_named_with_its_path() -> None:
    """A key the noun lacks is refused, naming where it stands."""
    value = booking_json()
    value["windows"][0]["until"] = 1
    with pytest.raises(BadInput) as caught:
        from_json(Booking, value)
    assert caught.value.code == "codec.unknown_key"
    assert caught.value.values == {"path": "windows[0]", "key": "until"}


def test_missing_key_is_named() -> None:
    """A field without a default must be there."""
    value = booking_json()
    del value["client_id"]
    with pytest.raises(BadInput) as caught:
        from_json(Booking, value)
    assert caught.value.values["key"] == "client_id"


@pytest.mark.parametrize(
    ("field", "bad"),
    [("minutes", "60"), ("minutes", True), ("minutes", 60.5), ("windows", {}), ("day", "tomorrow"), ("status", "gone")],
)
def test_wrong_type_is_never_converted(field: str, bad: object) -> None:
    """A value of another type is refused, not guessed at."""
    value = booking_json()
    value[field] = bad
    with pytest.raises(BadInput) as caught:
        from_json(Booking, value)
    assert str(caught.value.values["path"]).startswith(field)


def test_no_json_is_refused() -> None:
    """Text that is no JSON is bad input, not a crash."""
    with pytest.raises(BadInput) as caught:
        loads(Booking, "{")
    assert caught.value.code == "codec.no_json"


def test_not_a_number_is_refused() -> None:
    """NaN and infinity, which Python's reader lets through, are refused."""
    value = to_json(Branch(id="kl", name="KL"))
    value["service_area"]["south"] = float("nan")
    with pytest.raises(BadInput):
        from_json(Branch, value)


def test_equal_nouns_have_one_hash() -> None:
    """The content hash depends on the content alone."""
    one = DayProblem(id="p", day=date(2026, 11, 23), locations=(), matrices=())
    two = loads(DayProblem, dumps(one))
    assert content_hash(one) == content_hash(two)
    assert content_hash(one) != content_hash(DayProblem(id="q", day=date(2026, 11, 23), locations=(), matrices=()))
