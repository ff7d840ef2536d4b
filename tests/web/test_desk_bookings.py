"""The desk's bookings: taken, changed, cancelled and fixed through the forms, over the real use cases."""

from dataclasses import replace

import pytest

from dispatch.model.booking import Booking, TimeWindow
from dispatch.model.kinds import BookingStatus, Role
from dispatch.model.outcome import Budget
from dispatch.model.people import Client
from dispatch.model.timetable import VisitTime
from dispatch.words import clock, sentence
from dispatch.work.bookings import booking_page, change_booking, list_bookings
from dispatch.work.clients import add_client, list_buildings, list_clients
from dispatch.work.days import day_board
from dispatch.work.locks import locks_of_day
from dispatch.work.planning import plan_now
from dispatch.work.team import change_therapist, list_therapists
from tests.web.desk_house import HOSTILE, booking_fields, new_client_fields, open_desk, text_of
from tests.web.house import House
from tests.work.company import DAY, H, Office


@pytest.fixture
def desk(office: Office) -> House:
    """Give the pages over an office that knows the shipped places."""
    return open_desk(office)


def bookings_of(desk: House) -> tuple[Booking, ...]:
    """Give the bookings of the tests' day."""
    return list_bookings(desk.office.services, desk.office.owner, DAY).bookings


def taken(desk: House, **changed: str) -> Booking:
    """Take a booking by the form and give it."""
    answer = desk.signed_in(Role.BOOKING_TAKER).post("/bookings/new", data=booking_fields(**changed))
    assert answer.status_code == 302, text_of(answer)
    return bookings_of(desk)[-1]


def counts(desk: House) -> tuple[int, int, int]:
    """Count bookings, clients and buildings."""
    services, owner = desk.office.services, desk.office.owner
    return len(bookings_of(desk)), len(list_clients(services, owner)), len(list_buildings(services, owner))


def test_booking_is_taken_as_the_form_says(desk: House) -> None:
    """Everything the form asks for is in the booking that is kept."""
    kept = taken(
        desk,
        from_2="00:30",
        to_2="01:00",
        late_minutes="15",
        seats="2",
        seat_gender_2="male",
        seat_treatment_2="deep",
        preferred_gender="female",
        priority="7",
        value="250.50",
        note="Two tables",
        **{"wish_t-aina": "prefer", "wish_t-devi": "never"},
    )
    assert kept.windows == (TimeWindow(start_s=14 * H, end_s=16 * H), TimeWindow(start_s=24 * H + 1800, end_s=25 * H))
    assert (kept.late_tolerance_s, kept.priority, kept.value_sen, kept.note) == (900, 7, 25_050, "Two tables")
    assert [(seat.only_gender, seat.treatment_id) for seat in kept.seats] == [(None, ""), ("male", "deep")]
    assert (kept.preferred_therapists, kept.never_therapists) == (("t-aina",), ("t-devi",))
    page = text_of(desk.signed_in(Role.BOOKING_TAKER).get(f"/bookings?day={DAY}"))
    assert "Lim Mei Ling" in page
    assert "14:00–16:00" in page


def test_form_of_a_booking_gives_the_same_booking_back(desk: House) -> None:
    """Saving a booking's form without touching it changes nothing but its version."""
    first = taken(desk)
    before = taken(desk, from_1="18:00", to_1="", seats="2", link_other_1=first.id, link_kind_1="gap", link_max_1="60")
    services, owner = desk.office.services, desk.office.owner
    from web.desk.booking_form import booking_form

    browser = desk.signed_in(Role.DISPATCHER)
    assert browser.get(f"/bookings/{before.id}").status_code == 200
    answer = browser.post(f"/bookings/{before.id}", data=booking_form(before))
    assert answer.status_code == 302
    assert booking_page(services, owner, before.id).booking == replace(before, version=before.version + 1)


def test_new_client_address_and_booking_come_in_one_form(desk: House) -> None:
    """A caller nobody knows is taken with her place and her booking at once, her phone number made international."""
    answer = desk.signed_in(Role.BOOKING_TAKER).post("/bookings/new", data=new_client_fields())
    assert answer.status_code == 302, text_of(answer)
    (kept,) = bookings_of(desk)
    shown = booking_page(desk.office.services, desk.office.owner, kept.id)
    assert (shown.client.name, shown.client.first_name, shown.client.phone) == ("Ahmad 陈", "Ahmad", "+60123456789")
    assert shown.building.name == "Pavilion Kuala Lumpur"
    assert shown.address.unit == "12"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"from_1": "16:00", "to_1": "14:00"}, "16:00"),
        ({"minutes": "75"}, "75"),
        ({"new_phone": "012"}, "There is no phone number 012"),
        ({"from_1": "nine"}, "must be a time such as 09:30"),
        ({"place": "Qwxzy Nowhere"}, "No place called “Qwxzy Nowhere” is known"),
        ({"place": "3.1, 101.1", "place_for": "3.1, 101.1", "place_choice": "point:3.100000,101.100000"}, "outside"),
        ({"day": "2031-01-01"}, "2031-01-01"),
        ({"day": "soon"}, "must be a date"),
        ({"seats": "9"}, "must be a whole number from 1 to 4"),
        ({"new_name": "", "place": ""}, "Choose the client"),
        ({"link_other_1": "nothing", "link_kind_1": "same_start"}, "nothing"),
        ({"note": "x" * 2_001}, "2001"),
    ],
)
def test_bad_booking_keeps_nothing_and_what_was_typed(desk: House, changed: dict[str, str], sentence: str) -> None:
    """A form with anything wrong is shown again with the sentence and the values, and nothing of it is kept."""
    before = counts(desk)
    answer = desk.signed_in(Role.BOOKING_TAKER).post("/bookings/new", data=new_client_fields(**changed))
    page = text_of(answer)
    assert answer.status_code == 400
    assert sentence in page
    assert 'value="012' in page
    assert counts(desk) == before


def test_several_mistakes_are_told_at_once(desk: House) -> None:
    """Every mistake of a form is told together, so that all can be mended in one go."""
    fields = new_client_fields(minutes="75", from_1="16:00", to_1="14:00", priority="900")
    page = text_of(desk.signed_in(Role.BOOKING_TAKER).post("/bookings/new", data=fields))
    assert "must be a whole number from 0 to 100" in page
    page = text_of(desk.signed_in(Role.BOOKING_TAKER).post("/bookings/new", data={**fields, "priority": "0"}))
    assert "75" in page
    assert "16:00" in page
    assert page.count("<li>") >= 2


def test_couple_with_one_therapist_on_duty_is_refused(desk: House) -> None:
    """Two therapists at once cannot be booked where the team has one, and the sentence says so."""
    services, owner = desk.office.services, desk.office.owner
    for one in list_therapists(services, owner)[1:]:
        change_therapist(services, owner, replace(one, active=False))
    answer = desk.signed_in(Role.BOOKING_TAKER).post("/bookings/new", data=booking_fields(seats="2"))
    assert answer.status_code == 400
    assert bookings_of(desk) == ()


def test_place_known_by_area_only_has_to_be_chosen(desk: House) -> None:
    """An address no better than an area asks back with the places it may be, and the one chosen is taken."""
    browser = desk.signed_in(Role.BOOKING_TAKER)
    answer = browser.post("/bookings/new", data=new_client_fields(place="Bangsar"))
    page = text_of(answer)
    assert answer.status_code == 400
    assert "may be several places" in page
    assert 'name="place_for" value="Bangsar"' in page
    key = page.split('name="place_choice" value="')[1].split('"')[0]
    fields = new_client_fields(place="Bangsar", place_for="Bangsar", place_choice=key)
    assert browser.post("/bookings/new", data={**fields, "place": "Cheras"}).status_code == 400, "another text"
    assert browser.post("/bookings/new", data=fields).status_code == 302
    assert len(bookings_of(desk)) == 1


def test_known_building_is_used_again(desk: House) -> None:
    """A place that is a building of the company already makes no second one."""
    before = counts(desk)[2]
    answer = desk.signed_in(Role.BOOKING_TAKER).post("/bookings/new", data=new_client_fields(place="klcc residence"))
    if answer.status_code == 400:
        fields = new_client_fields(place="klcc residence", place_for="klcc residence", place_choice="building:b-klcc")
        answer = desk.signed_in(Role.BOOKING_TAKER).post("/bookings/new", data=fields)
    assert answer.status_code == 302, text_of(answer)
    assert counts(desk)[2] == before
    (kept,) = bookings_of(desk)
    assert booking_page(desk.office.services, desk.office.owner, kept.id).building.id == "b-klcc"


def test_colleague_who_was_faster_is_shown_beside(desk: House) -> None:
    """A form over an old version shows the newest state and what was typed, and saving again is then possible."""
    from web.desk.booking_form import booking_form

    before = taken(desk)
    services, owner = desk.office.services, desk.office.owner
    change_booking(services, owner, replace(before, note="By a colleague"))
    browser = desk.signed_in(Role.BOOKING_TAKER)
    form = booking_form(before)
    form["note"] = "Mine"
    answer = browser.post(f"/bookings/{before.id}", data=form)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "<td>By a colleague</td><td>Mine</td>" in page
    assert ">Mine</textarea>" in page
    assert booking_page(services, owner, before.id).booking.note == "By a colleague"
    form["version"] = page.split('name="version" value="')[1].split('"')[0]
    assert browser.post(f"/bookings/{before.id}", data=form).status_code == 302
    assert booking_page(services, owner, before.id).booking.note == "Mine"


def test_cancelling_needs_a_reason_and_can_be_taken_back(desk: House) -> None:
    """A booking is cancelled with its reason only, shows it, and goes back to requested when asked."""
    before = taken(desk)
    browser = desk.signed_in(Role.BOOKING_TAKER)
    url = f"/bookings/{before.id}"
    answer = browser.post(f"{url}/cancel", data={"version": "1", "reason": " "})
    assert (answer.status_code, "Write why" in text_of(answer)) == (400, True)
    assert browser.post(f"{url}/cancel", data={"version": "1", "reason": "Client ill"}).status_code == 302
    assert "Client ill" in text_of(browser.get(url))
    assert browser.post(f"{url}/status", data={"version": "2", "status": "done"}).status_code == 409
    assert browser.post(f"{url}/status", data={"version": "2", "status": "requested"}).status_code == 302
    assert bookings_of(desk)[0].status is BookingStatus.REQUESTED
    assert browser.post(f"{url}/promise", data={"version": "3", "promise": "14:30"}).status_code == 302
    promise = bookings_of(desk)[0].promise
    assert promise is not None
    assert promise.start_s == 14 * H + 1800


def test_dispatcher_fixes_a_visit_and_sets_it_free(desk: House) -> None:
    """Therapist and start of a visit are fixed by the dispatcher alone, and let go by an empty form."""
    before = taken(desk)
    url, services, owner = f"/bookings/{before.id}/lock", desk.office.services, desk.office.owner
    fixed = {"seat": "0", "therapist_id": "t-bee", "start": "15:00"}
    assert desk.signed_in(Role.BOOKING_TAKER).post(url, data=fixed).status_code == 403
    browser = desk.signed_in(Role.DISPATCHER)
    assert browser.post(url, data=fixed).status_code == 302
    ((lock,), _) = locks_of_day(services, owner, DAY)
    assert (lock.visit_id, lock.therapist_id, lock.start_s) == (f"{before.id}/0", "t-bee", 15 * H)
    assert browser.post(url, data={**fixed, "therapist_id": "nobody"}).status_code == 400
    assert browser.post(url, data={"seat": "0"}).status_code == 302
    assert locks_of_day(services, owner, DAY)[0] == ()


def test_lock_to_who_may_not_serve_says_why(desk: House) -> None:
    """Fixing a visit to somebody the client refused shows the rule's sentence with both names."""
    kept = taken(desk, **{"wish_t-bee": "never"})
    fixed = {"seat": "0", "therapist_id": "t-bee", "start": ""}
    answer = desk.signed_in(Role.DISPATCHER).post(f"/bookings/{kept.id}/lock", data=fixed)
    assert answer.status_code == 400
    assert sentence("rule.refused", {"therapist_id": "Bee Ling", "booking_id": "Lim Mei Ling"}) in text_of(answer)


def test_booking_says_who_is_planned_to_come(desk: House) -> None:
    """The page tells that there is no plan, who comes and when, or that nobody does, and leads to the day's board."""
    office, browser = desk.office, desk.signed_in(Role.BOOKING_TAKER)
    kept = taken(desk)
    page = text_of(browser.get(f"/bookings/{kept.id}"))
    assert "The day has no plan yet." in page
    assert f'href="/day/{DAY.isoformat()}"' in page
    plan_now(office.services, office.dispatcher, DAY, budget=Budget(rounds=0))
    board = day_board(office.services, office.dispatcher, DAY)
    (visit,) = [stop for route in board.timetable.routes for stop in route.stops if isinstance(stop, VisitTime)]
    name = board.therapists[visit.therapist_id].name
    expected = f"{name} comes and treats from {clock(visit.start_s)} to {clock(visit.end_s)}."
    assert expected in text_of(browser.get(f"/bookings/{kept.id}"))
    taken(desk, client_id="c-tan", address_id="a-c-tan")
    later = next(one for one in bookings_of(desk) if one.id != kept.id)
    assert "nobody for this booking" in text_of(browser.get(f"/bookings/{later.id}"))


def test_price_is_told_while_the_form_is_filled(desk: House) -> None:
    """The price of both therapists is told as soon as treatment, minutes and window are there."""
    browser = desk.signed_in(Role.BOOKING_TAKER)
    fields = booking_fields(seats="2", minutes="90")
    assert "RM 420.00" in text_of(browser.get("/bookings/price", query_string=fields))
    assert "No price" in text_of(browser.get("/bookings/price", query_string={**fields, "minutes": "75"}))
    assert text_of(browser.get("/bookings/price", query_string={"day": "soon"})) == ""


def test_filters_leave_the_bookings_that_fit(desk: House) -> None:
    """The list shows those bookings of the day that fit every filter."""
    taken(desk)
    taken(desk, client_id="c-tan", address_id="a-c-tan", treatment_id="deep", status="requested")
    browser = desk.signed_in(Role.BOOKING_TAKER)
    for query, names in (
        ("status=requested", ["Tan Wei"]),
        ("treatment=relax", ["Lim Mei Ling"]),
        ("search=KLCC", ["Tan Wei"]),
        ("therapist=t-aina", []),
        ("search=", ["Lim Mei Ling", "Tan Wei"]),
    ):
        page = text_of(browser.get(f"/bookings?day={DAY}&{query}"))
        assert [name for name in ("Lim Mei Ling", "Tan Wei") if f"<bdi>{name}</bdi>" in page] == names, query


def test_hostile_names_show_as_themselves(desk: House) -> None:
    """A name made of template and script signs is text on every page that shows it."""
    services, owner = desk.office.services, desk.office.owner
    add_client(services, owner, Client(id="c-evil", branch_id="", name=HOSTILE, first_name=HOSTILE, note=HOSTILE))
    booked = taken(desk, note=HOSTILE)
    browser = desk.signed_in(Role.DISPATCHER)
    for url in ("/clients", "/clients/c-evil", "/bookings/new?client=c-evil", f"/bookings/{booked.id}"):
        page = browser.get(url).get_data(as_text=True)
        assert "{{7*7}} &lt;/script&gt;&lt;b&gt;" in page, url
        assert "<b>`" not in page, url
        assert "49 " not in page, url
