"""The desk's team: therapists, rosters and phone links through the forms, over the real use cases."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.model.kinds import BreakKind, Role
from dispatch.model.therapist import Break, DayPattern, Roster, Shift, Therapist
from dispatch.work.phones import phone_actor
from dispatch.work.team import change_therapist, get_therapist, list_therapists
from tests.web.desk_house import HOSTILE, open_desk, text_of
from tests.web.house import House
from tests.work.company import H, Office
from web.desk.reading import DeskFields
from web.desk.roster_form import read_pattern, roster_form
from web.desk.team import therapist_form


@pytest.fixture
def desk(office: Office) -> House:
    """Give the pages over an office that knows the shipped places."""
    return open_desk(office)


def known(desk: House, therapist_id: str) -> Therapist:
    """Give a therapist as she is kept."""
    return get_therapist(desk.office.services, desk.office.owner, therapist_id)


def therapist_fields(**changed: str | list[str]) -> dict[str, str | list[str]]:
    """Give a therapist's form filled in, with some fields changed."""
    return {
        "name": "Esther 林",
        "gender": "female",
        "phone": "011-2345 6789",
        "languages": ["en", "zh"],
        "techniques": ["swedish"],
        "travel_mode": "motorbike",
        "start_place": "Pavilion Kuala Lumpur",
        "end_place": "",
        "work": "480",
        "rest": "30",
        "min_rest": "11",
        "overtime": "60",
        "colour": "3",
        **changed,
    }


def test_therapist_is_taken_up_as_the_form_says(desk: House) -> None:
    """Everything the form asks for is in the therapist that is kept, her places found by their names."""
    answer = desk.signed_in(Role.DISPATCHER).post("/team/new", data=therapist_fields())
    assert answer.status_code == 302, text_of(answer)
    kept = next(one for one in list_therapists(desk.office.services, desk.office.owner) if one.name == "Esther 林")
    assert (kept.phone, kept.languages, kept.techniques) == ("+601123456789", ("en", "zh"), ("swedish",))
    assert kept.start_place is not None
    assert kept.start_place.name == "Pavilion Kuala Lumpur"
    assert kept.end_place is None
    assert (kept.limits.work_s, kept.overtime_s, kept.colour) == (8 * H, H, 3)
    assert answer.headers["Location"].endswith(f"/team/{kept.id}/roster")


def test_form_of_a_therapist_gives_the_same_therapist_back(desk: House) -> None:
    """Saving a therapist's form without touching it changes nothing but her version, her roster included."""
    before = known(desk, "t-chandra")
    answer = desk.signed_in(Role.DISPATCHER).post("/team/t-chandra", data=therapist_form(before))
    assert answer.status_code == 302, text_of(answer)
    assert known(desk, "t-chandra") == replace(before, version=before.version + 1)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"start_place": ""}, "Esther 林"),
        ({"start_place": "Qwxzy Nowhere"}, "No place called “Qwxzy Nowhere” is known"),
        ({"techniques": ["levitation"]}, "levitation"),
        ({"techniques": []}, "Esther 林"),
        ({"phone": "hello"}, "“hello” is no phone number"),
        ({"overtime": "9000"}, "must be a whole number from 0 to 480"),
        ({"gender": "other"}, "must be one of the choices offered"),
        ({"name": ""}, "Name is missing"),
    ],
)
def test_bad_therapist_is_not_taken_up(desk: House, changed: dict[str, str | list[str]], sentence: str) -> None:
    """A therapist with anything wrong gets the sentence of it, and nobody is added."""
    before = len(list_therapists(desk.office.services, desk.office.owner))
    answer = desk.signed_in(Role.DISPATCHER).post("/team/new", data=therapist_fields(**changed))
    assert answer.status_code == 400
    problems = text_of(answer).split('class="problems"')[1].split("</div>")[0]
    assert sentence in problems
    assert len(list_therapists(desk.office.services, desk.office.owner)) == before


def test_colleague_who_changed_a_therapist_first_is_shown(desk: House) -> None:
    """A form over an old version of a therapist shows the newest values beside those typed."""
    before = known(desk, "t-aina")
    change_therapist(desk.office.services, desk.office.owner, replace(before, name="Aina binti Rahman"))
    form = therapist_form(before)
    form["name"] = "Aina R."
    answer = desk.signed_in(Role.DISPATCHER).post("/team/t-aina", data=form)
    assert answer.status_code == 409
    assert "<td>Aina binti Rahman</td><td>Aina R.</td>" in text_of(answer)


def test_split_shift_breaks_and_a_day_off_are_kept(desk: House) -> None:
    """A roster's form keeps split shifts, a shift past midnight, and a break on the days ticked."""
    fields = {
        "version": str(known(desk, "t-devi").version),
        "from_0_1": "09:00",
        "to_0_1": "13:00",
        "from_0_2": "18:00",
        "to_0_2": "02:00",
        "from_5_1": "20:00",
        "to_5_1": "06:00+1",
        "break_kind_1": "prayer",
        "break_minutes_1": "15",
        "break_from_1": "19:00",
        "break_to_1": "19:45",
        "break_days_1": "0",
    }
    answer = desk.signed_in(Role.DISPATCHER).post("/team/t-devi/roster", data=fields)
    assert answer.status_code == 302, text_of(answer)
    prayer = Break(id="prayer-1", kind=BreakKind.PRAYER, duration_s=900, earliest_s=19 * H, latest_s=19 * H + 2700)
    assert known(desk, "t-devi").roster.pattern == (
        DayPattern(
            weekday=0,
            shifts=(Shift(start_s=9 * H, end_s=13 * H), Shift(start_s=18 * H, end_s=26 * H)),
            breaks=(prayer,),
        ),
        DayPattern(weekday=5, shifts=(Shift(start_s=20 * H, end_s=30 * H),)),
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"from_0_1": "09:00", "to_0_1": "09:00"}, "09:00"),
        ({"from_0_1": "09:00", "to_0_1": ""}, "Monday, to must be a time"),
        ({"from_0_1": "09:00", "to_0_1": "14:00", "from_0_2": "13:00", "to_0_2": "18:00"}, "13:00"),
        (
            {"from_0_1": "09:00", "to_0_1": "14:00", "break_kind_1": "meal", "break_minutes_1": "30"},
            "Break 1, earliest must be a time",
        ),
        (
            {
                "from_0_1": "09:00",
                "to_0_1": "14:00",
                "break_kind_1": "meal",
                "break_minutes_1": "30",
                "break_from_1": "12:00",
            },
            "Tick at least one day",
        ),
    ],
)
def test_bad_roster_keeps_the_old_one(desk: House, changed: dict[str, str], sentence: str) -> None:
    """A shift of no length, half a shift, overlaps and breaks without days or hours get a sentence; nothing is kept."""
    before = known(desk, "t-aina")
    fields = {"version": str(before.version), **changed}
    answer = desk.signed_in(Role.DISPATCHER).post("/team/t-aina/roster", data=fields)
    assert answer.status_code == 400
    assert sentence in text_of(answer).split('class="problems"')[1].split("</div>")[0]
    assert known(desk, "t-aina") == before


def test_one_date_differs_and_is_as_every_week_again(desk: House) -> None:
    """A date is off or has other hours with the breaks that fit, until it is dropped again."""
    url, browser = "/team/t-aina/roster/exception", desk.signed_in(Role.DISPATCHER)
    day = date(2026, 11, 27)
    fields = {"version": "1", "exception_day": day.isoformat(), "exception_kind": "off", "exception_reason": "Ill"}
    assert browser.post(url, data=fields).status_code == 302
    assert known(desk, "t-aina").roster.on(day) == ((), ())
    fields |= {"version": "2", "exception_kind": "other", "exception_from_1": "12:00", "exception_to_1": "16:00"}
    assert browser.post(url, data=fields).status_code == 302
    shifts, breaks = known(desk, "t-aina").roster.on(day)
    assert shifts == (Shift(start_s=12 * H, end_s=16 * H),)
    assert [pause.id for pause in breaks] == ["meal"]
    assert browser.post(url, data={**fields, "version": "2"}).status_code == 409, "the same form again"
    drop = {"version": "3", "exception_day": day.isoformat()}
    assert browser.post(f"{url}/drop", data=drop).status_code == 302
    assert known(desk, "t-aina").roster.exceptions == ()
    assert browser.post(url, data={**fields, "version": "4", "exception_from_1": ""}).status_code == 400


def test_phone_link_is_shown_once_and_revoked(desk: House) -> None:
    """The link is on the page that made it and on none after, opens her day, and opens nothing once revoked."""
    browser = desk.signed_in(Role.DISPATCHER)
    page = text_of(browser.post("/team/t-aina/phone-link"))
    token = page.split("/p/")[1].split('"')[0]
    assert phone_actor(desk.office.services, token).therapist_id == "t-aina"
    assert token not in text_of(browser.get("/team/t-aina"))
    assert browser.post("/team/t-aina/phone-link/revoke").status_code == 302
    assert desk.stranger().get(f"/p/{token}").status_code == 403
    assert desk.signed_in(Role.BOOKING_TAKER).post("/team/t-aina/phone-link").status_code == 403


def test_hostile_therapist_shows_as_herself(desk: House) -> None:
    """A therapist's name made of template and script signs is text on the team's pages."""
    change_therapist(desk.office.services, desk.office.owner, replace(known(desk, "t-bee"), name=HOSTILE))
    browser = desk.signed_in(Role.DISPATCHER)
    for url in ("/team", "/team/t-bee", "/team/t-bee/roster", "/bookings/new"):
        page = browser.get(url).get_data(as_text=True)
        assert "{{7*7}} &lt;/script&gt;&lt;b&gt;" in page, url
        assert "<b>`" not in page, url


quarters = st.integers(24, 119).map(lambda quarter: quarter * 900)
shifts = st.lists(quarters, min_size=2, max_size=4, unique=True).map(
    lambda times: tuple(
        Shift(start_s=a, end_s=b) for a, b in zip(sorted(times)[::2], sorted(times)[1::2], strict=False)
    )
)
breaks = st.builds(
    lambda kind, minutes, times: (kind, minutes * 60, min(times), max(times)),
    st.sampled_from(BreakKind),
    st.integers(1, 240),
    st.tuples(quarters, quarters),
)


@st.composite
def patterns(draw: st.DrawFn) -> tuple[DayPattern, ...]:
    """Draw a weekly pattern; a break is the same on each of its days, as the form keeps it."""
    days = draw(st.lists(st.integers(0, 6), unique=True, min_size=1))
    rows = draw(st.lists(breaks, max_size=3))
    pauses = [
        (
            Break(id=f"{kind.value}-{number}", kind=kind, duration_s=length_s, earliest_s=first, latest_s=last),
            draw(st.sets(st.sampled_from(days), min_size=1)),
        )
        for number, (kind, length_s, first, last) in enumerate(rows)
    ]
    return tuple(
        DayPattern(weekday=day, shifts=draw(shifts), breaks=tuple(pause for pause, on in pauses if day in on))
        for day in sorted(days)
    )


@given(patterns())
def test_any_week_survives_its_form(pattern: tuple[DayPattern, ...]) -> None:
    """A week written into its form and read back is the same week."""
    form = roster_form(Roster(pattern=pattern), 1)
    # Reading a roster asks neither services nor actor.
    read = read_pattern(DeskFields(form, None, None))  # type: ignore[arg-type]
    assert [(one.weekday, one.shifts, set(one.breaks)) for one in read] == [
        (one.weekday, one.shifts, set(one.breaks)) for one in pattern
    ]
