"""Every noun that cannot be right is refused with a sentence that names the thing, all errors of it at once."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.errors import LaluanError
from dispatch.model.account import Account
from dispatch.model.booking import Booking, Link, Seat, TimeWindow
from dispatch.model.branch import Branch, ServiceArea
from dispatch.model.catalogue import Contraindication, PriceRule
from dispatch.model.health import Health
from dispatch.model.kinds import BreakKind, LinkKind, Role
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address, Point
from dispatch.model.therapist import Break, DayPattern, Limits, Place, Roster, RosterException, Shift, Therapist
from dispatch.rules.care_nouns import health_errors
from dispatch.rules.company_nouns import (
    account_errors,
    branch_errors,
    named_errors,
    price_errors,
    therapist_errors,
    treatment_errors,
)
from dispatch.rules.nouns import (
    BookingContext,
    address_errors,
    booking_errors,
    building_errors,
    client_errors,
    contact_errors,
)
from dispatch.words import sentence
from tests.work.company import DAY, H, booking, building, therapist, treatment

if TYPE_CHECKING:
    from collections.abc import Iterable

BRANCH = Branch(id="main", name="Kuala Lumpur")
LONDON = Point(lat=51.5, lon=-0.1)
CLIENT = Client(id="c-lim", branch_id="main", name="Lim", first_name="Mei", phone="+60123456789")
ADDRESS = Address(id="a-c-lim", branch_id="main", client_id="c-lim", building_id="b-klcc")
CONTEXT = BookingContext(
    branch=BRANCH,
    today=DAY,
    client=CLIENT,
    address=ADDRESS,
    building=building("b-klcc", "klcc"),
    treatments={"relax": treatment("relax", "swedish")},
    techniques={"swedish"},
    therapists={"t1": therapist("t1", "Aina", "ttdi"), "t2": therapist("t2", "Bee", "klcc")},
    price_rules=(
        PriceRule(id="p", branch_id="main", treatment_id="relax", minutes=60, price_sen=1, valid_from=date(2026, 1, 1)),
    ),
    other_bookings={"b2"},
)


def codes(errors: "Iterable[LaluanError]") -> set[str]:
    """Give the codes of errors, after writing the sentence of each: none may be missing or lack a value."""
    found = list(errors)
    for error in found:
        assert error.values["field"]
        assert "{" not in sentence(error.code, error.values)
    return {error.code for error in found}


def window(start: int, end: int) -> dict[str, object]:
    """Give a change of a booking's windows to a single one between two full hours."""
    return {"windows": (TimeWindow(start_s=start * H, end_s=end * H),)}


def test_a_good_booking_has_no_errors() -> None:
    """A booking as the desk takes them every day is not refused."""
    assert booking_errors(booking("b1"), CONTEXT) == []


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("id.form", {"id": "b/1"}),
        ("day.too_far", {"day": DAY + timedelta(days=401)}),
        ("booking.minutes_not_offered", {"minutes": 75}),
        ("booking.price_missing", {"minutes": 90}),
        ("booking.unknown_treatment", {"treatment_id": "gold"}),
        ("booking.unknown_treatment", {"seats": (Seat(treatment_id="gold"),)}),
        ("technique.unknown", {"seats": (Seat(techniques=("levitation",)),)}),
        ("booking.no_seat", {"seats": ()}),
        ("booking.more_seats_than_therapists", {"seats": (Seat(),) * 3}),
        ("booking.no_window", {"windows": ()}),
        ("booking.window_ends_before_start", window(16, 14)),
        ("booking.window_outside_hours", window(7, 9)),
        ("booking.window_outside_hours", window(25, 27)),
        (
            "booking.windows_overlap",
            {"windows": (TimeWindow(start_s=10 * H, end_s=12 * H), TimeWindow(start_s=11 * H, end_s=13 * H))},
        ),
        ("therapist.unknown", {"never_therapists": ("nobody",)}),
        ("booking.only_and_never", {"only_therapists": ("t1",), "never_therapists": ("t1",)}),
        ("booking.only_too_few", {"only_therapists": ("t1",), "seats": (Seat(), Seat())}),
        ("number.out_of_range", {"priority": 101}),
        ("number.out_of_range", {"value_sen": -1}),
        ("length.out_of_range", {"late_tolerance_s": -60}),
        ("text.too_long", {"note": "x" * 2_001}),
        ("text.unseen", {"note": "a\u202eb"}),
        ("booking.unknown_link", {"links": (Link(kind=LinkKind.SAME_START, other_booking_id="b9"),)}),
        ("booking.linked_to_itself", {"links": (Link(kind=LinkKind.SAME_START, other_booking_id="b1"),)}),
        ("booking.gap", {"links": (Link(kind=LinkKind.GAP, other_booking_id="b2", min_s=60, max_s=0),)}),
        ("id.twice", {"links": (Link(kind=LinkKind.SAME_START, other_booking_id="b2"),) * 2}),
    ],
)
def test_a_bad_booking_is_named(code: str, change: dict[str, object]) -> None:
    """Each way a booking can be wrong has its own sentence, and nothing else is said of it."""
    assert codes(booking_errors(booking("b1", **change), CONTEXT)) == {code}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "context"),
    [
        ("booking.unknown_client", replace(CONTEXT, client=None)),
        ("booking.unknown_address", replace(CONTEXT, address=None, building=None)),
        ("booking.address_of_another", replace(CONTEXT, address=replace(ADDRESS, client_id="c-tan"))),
        ("place.outside_area", replace(CONTEXT, building=replace(building("b", "klcc"), point=LONDON))),
        ("booking.only_and_never", replace(CONTEXT, client=replace(CLIENT, never_therapists=("t1",)))),
    ],
)
def test_a_booking_is_judged_with_what_it_names(code: str, context: BookingContext) -> None:
    """A good-looking booking is refused for what its client, address or place are."""
    assert codes(booking_errors(booking("b1", only_therapists=("t1",)), context)) == {code}


def test_all_errors_of_a_booking_come_at_once() -> None:
    """A form with three mistakes is answered with three sentences, not one after the other."""
    bad: Booking = booking("b1", start=16, end=14, minutes=75, priority=900)
    expected = {"booking.window_ends_before_start", "booking.minutes_not_offered", "number.out_of_range"}
    assert codes(booking_errors(bad, CONTEXT)) == expected


def roster(*shifts: Shift, breaks: tuple[Break, ...] = ()) -> Roster:
    """Give a roster of Mondays alone."""
    return Roster(pattern=(DayPattern(weekday=0, shifts=shifts, breaks=breaks),))


def pause(earliest: int, latest: int, minutes: int) -> Break:
    """Give a break that starts between two full hours."""
    return Break(id="rest", kind=BreakKind.REST, duration_s=minutes * 60, earliest_s=earliest * H, latest_s=latest * H)


LONG = Shift(start_s=10 * H, end_s=20 * H)
SEVEN = tuple(replace(pause(12, 13, 5), id=f"rest{number}") for number in range(7))


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("therapist.no_start_place", {"start_place": None}),
        ("therapist.no_technique", {"techniques": ()}),
        ("technique.unknown", {"techniques": ("levitation",)}),
        ("phone.form", {"phone": "012-345 6789"}),
        ("text.missing", {"name": " "}),
        ("place.outside_area", {"end_place": Place(name="Home", area="London", point=LONDON)}),
        ("place.no_point", {"end_place": Place(name="Home", area="", point=Point(lat=float("nan"), lon=101.0))}),
        ("shift.no_length", {"roster": roster(Shift(start_s=10 * H, end_s=10 * H))}),
        ("shift.outside_day", {"roster": roster(Shift(start_s=5 * H, end_s=12 * H))}),
        ("shift.overlap", {"roster": roster(LONG, Shift(start_s=19 * H, end_s=22 * H))}),
        ("break.length", {"roster": roster(LONG, breaks=(pause(12, 13, 0),))}),
        ("break.ends_before_start", {"roster": roster(LONG, breaks=(pause(13, 12, 30),))}),
        ("break.too_many", {"roster": roster(LONG, breaks=SEVEN)}),
        ("break.outside_shift", {"roster": roster(LONG, breaks=(pause(20, 21, 30),))}),
        ("id.twice", {"roster": roster(LONG, breaks=(pause(12, 13, 30), pause(15, 16, 30)))}),
        ("id.twice", {"roster": Roster(pattern=(DayPattern(weekday=0, shifts=(LONG,)),) * 2)}),
        ("roster.weekday", {"roster": Roster(pattern=(DayPattern(weekday=7, shifts=(LONG,)),))}),
        ("day.too_far", {"roster": Roster(exceptions=(RosterException(day=DAY + timedelta(days=500)),))}),
        ("id.twice", {"roster": Roster(exceptions=(RosterException(day=DAY),) * 2)}),
        ("length.out_of_range", {"limits": Limits(work_s=-1)}),
    ],
)
def test_a_bad_therapist_is_named(code: str, change: dict[str, object]) -> None:
    """Each way a therapist or her roster can be wrong has its own sentence."""
    good = therapist("t1", "Aina", "ttdi")
    known = {"branch": BRANCH, "techniques": {"swedish", "deep_tissue"}, "today": DAY}
    assert therapist_errors(good, **known) == []  # type: ignore[arg-type]
    bad: Therapist = replace(good, **change)  # type: ignore[arg-type]
    assert codes(therapist_errors(bad, **known)) == {code}  # type: ignore[arg-type]


def test_a_break_may_fill_the_end_of_a_shift_exactly() -> None:
    """A break that just fits before the shift ends is no error."""
    good = replace(therapist("t1", "Aina", "ttdi"), roster=roster(LONG, breaks=(pause(19, 20, 60),)))
    assert therapist_errors(good, branch=BRANCH, techniques={"swedish", "deep_tissue"}, today=DAY) == []


def test_bad_clients_contacts_and_addresses_are_named() -> None:
    """People and addresses are refused for what they lack and for what they name in vain."""
    known: dict[str, set[str]] = {"therapists": {"t1"}}
    bad = replace(CLIENT, first_name="", phone="0123")
    assert codes(client_errors(bad, **known)) == {"text.missing", "phone.form"}
    health = Health(complaints=("soul",), contraindications=("love",))
    found = health_errors(health, complaints={"back"}, contraindications={"fever"})
    assert codes(found) == {"complaint.unknown", "contraindication.unknown"}
    lines = replace(CLIENT, name="Lim\nMei", note="first\nsecond")
    assert codes(client_errors(lines, **known)) == {"text.unseen"}
    both = replace(CLIENT, preferred_therapists=("t1",), never_therapists=("t1",))
    assert codes(client_errors(both, **known)) == {"client.preferred_and_never"}
    contact = Contact(id="k", branch_id="main", name="", client_id="nobody")
    assert codes(contact_errors(contact, client=None)) == {"text.missing", "booking.unknown_client"}
    long = replace(ADDRESS, unit="x" * 81)
    expected = {"booking.unknown_client", "address.unknown_building", "text.too_long"}
    assert codes(address_errors(long, client=None, building=None)) == expected


def test_bad_buildings_are_named() -> None:
    """A building outside the area, without an area, or with two access figures is refused."""
    bad = replace(building("b", "klcc"), point=LONDON, area="", access_s=(60, 60))
    expected = {"place.outside_area", "text.missing", "building.access_count"}
    assert codes(building_errors(bad, branch=BRANCH)) == expected
    slow = replace(building("b", "klcc"), access_s=(3 * H,))
    assert codes(building_errors(slow, branch=BRANCH)) == {"length.out_of_range"}


def test_bad_catalogue_entries_are_named() -> None:
    """Treatments without techniques or minutes, and prices without a treatment or with no hours, are refused."""
    known: dict[str, set[str]] = {"techniques": {"swedish"}, "complaints": set(), "contraindications": set()}
    empty = replace(treatment("relax", "swedish"), techniques=(), minutes=())
    assert codes(treatment_errors(empty, **known)) == {"treatment.no_technique", "treatment.no_minutes"}
    twice = replace(treatment("relax", "swedish"), minutes=(60, 60), suits=("soul",))
    assert codes(treatment_errors(twice, **known)) == {"id.twice", "complaint.unknown"}
    rule = replace(CONTEXT.price_rules[0], minutes=75, from_s=7_200, to_s=3_600, price_sen=-5)
    expected = {"booking.minutes_not_offered", "price.hours", "number.out_of_range"}
    assert codes(price_errors(rule, treatment=treatment("relax", "swedish"), today=DAY)) == expected
    assert codes(price_errors(rule, treatment=None, today=DAY)) >= {"booking.unknown_treatment"}
    assert codes(named_errors(Contraindication(id="a b", name="", question=""))) == {"id.form", "text.missing"}


def test_bad_accounts_and_branches_are_named() -> None:
    """An account needs an email, a password and its therapist; a branch real hours, zone and area."""
    account = Account(
        id="a", branch_id="main", email="nobody", name="N", role=Role.THERAPIST, password_hash="", unique="u"
    )
    expected = {"account.email", "account.no_password", "account.no_therapist"}
    assert codes(account_errors(account, therapists=())) == expected
    area = ServiceArea(south=3.5, north=3.0, polygons=((Point(lat=3.0, lon=101.0),),))
    bad = replace(BRANCH, time_zone="Kuala Lumpur", opens_s=20 * H, closes_s=10 * H, service_area=area)
    expected = {"branch.time_zone", "branch.hours", "branch.area", "branch.polygon"}
    assert codes(branch_errors(bad)) == expected
