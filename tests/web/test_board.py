"""The board shows a day whatever is in it: nobody, nothing, a plan, hostile names; and its buttons do what they say."""

import html
import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from dispatch.errors import NotFound
from dispatch.model.kinds import Role
from dispatch.model.outcome import Budget, Certificate, Progress
from dispatch.model.plan import Revision
from dispatch.model.therapist import Roster
from dispatch.work.bookings import add_booking, list_bookings
from dispatch.work.clients import change_client, client_page
from dispatch.work.days import day_board
from dispatch.work.explaining import why_left_out
from dispatch.work.planning import claim_job, plan_now, report_progress
from dispatch.work.team import change_therapist, get_therapist
from tests.web.house import House
from tests.work.company import DAY, Office, booking
from web.board.routes import map_routes
from web.board.timeline import Drive, VisitBar, initials, rows, scale

PAGE = f"/day/{DAY}"
H = 3_600
HOSTILE = (
    "canary{{7*7}}",
    "${alert(1)}",
    "</script><script>alert(1)</script>",
    "`${1}` \\u003cb\\u003e",
    '"><img src=x onerror=alert(1)>',
    "\u0639\u0627\u0634\u0642 \u200f(RTL)",
)


def planned(office: Office) -> Revision:
    """Plan the day with a counted budget."""
    return plan_now(office.services, office.dispatcher, DAY, budget=Budget(rounds=2))


def test_the_root_is_today(busy_house: House) -> None:
    """The first page is the branch's service day of this moment: before six in the morning still yesterday's."""
    client = busy_house.signed_in(Role.BOOKING_TAKER)
    assert client.get("/").headers["Location"] == PAGE
    busy_house.office.clock.on(hours=20, minutes=30)
    assert client.get("/").headers["Location"] == PAGE
    busy_house.office.clock.on(hours=2)
    assert client.get("/").headers["Location"] == "/day/2026-11-26"


def test_a_day_without_bookings(house: House) -> None:
    """A day without bookings shows the therapists on duty, and says that there is nothing to plan."""
    page = house.signed_in(Role.DISPATCHER).get(PAGE)
    assert page.status_code == 200
    assert page.text.count("data-row=") == 3
    assert "There are no bookings on this day." in page.text
    assert "No plan yet" in page.text


def test_a_day_without_therapists(busy: Office, busy_house: House) -> None:
    """A day with nobody on duty shows its bookings, and says whose shift is missing."""
    for therapist_id in ("t-aina", "t-bee", "t-chandra"):
        therapist = get_therapist(busy.services, busy.owner, therapist_id)
        change_therapist(busy.services, busy.owner, replace(therapist, roster=Roster()))
    page = busy_house.signed_in(Role.DISPATCHER).get(PAGE)
    assert page.status_code == 200
    assert "Nobody is on duty this day" in page.text
    assert "data-row=" not in page.text
    assert "None of them has been planned yet." in page.text


def test_a_planned_day(busy: Office, busy_house: House) -> None:
    """After planning every visit stands once on the timeline and once on the map, and the figures are the plan's."""
    revision = planned(busy)
    page = busy_house.signed_in(Role.DISPATCHER).get(PAGE).text
    visits = re.findall(r'data-visit="([^"]+)"', page)
    assert sorted(visits) == sorted(v for route in revision.plan.routes for v in route.visit_ids())
    assert "Plan #1" in page
    assert "Not published" in page
    routes = json.loads(busy_house.signed_in(Role.DISPATCHER).get(f"/api/day/{DAY}/map").text)["routes"]
    stops = [
        f["properties"]["stop"] for r in routes for f in r["features"]["features"] if f["properties"]["kind"] == "stop"
    ]
    assert sorted(html.unescape(stop) for stop in stops) == sorted(visits)
    assert [route["therapist"] for route in routes] == re.findall(r'data-therapists="([^"]+)"', page)[0].split()


def test_the_rows_tell_the_whole_day(busy: Office) -> None:
    """Along a row nothing overlaps, drives end where visits begin, and every bar holds its four parts in order."""
    planned(busy)
    board = day_board(busy.services, busy.dispatcher, DAY)
    all_rows = rows(board)
    assert [row.key for row in all_rows] == list(range(len(all_rows)))
    assert any(row.visits for row in all_rows)
    for row in all_rows:
        for before, after in pairwise(row.items):
            assert before.end_s <= after.start_s
            if isinstance(before, Drive) and isinstance(after, VisitBar):
                assert before.end_s == after.start_s
        bars = [item for item in row.items if isinstance(item, VisitBar)]
        assert [bar.number for bar in bars] == list(range(1, len(bars) + 1))
        for bar in bars:
            parts = (bar.access, bar.waiting, bar.care, bar.packing)
            assert bar.start_s == parts[0].start_s
            assert all(one.end_s == other.start_s for one, other in pairwise(parts))
            assert bar.end_s == parts[-1].end_s
    shown = scale(all_rows)
    assert (shown.start_s, shown.end_s) == (6 * H, 30 * H)
    assert shown.hours[0] == (0, "06:00")
    assert shown.hours[18] == (18 * H, "00:00")
    couple = [item for row in all_rows for item in row.items if isinstance(item, VisitBar) and item.booking_id == "b3"]
    assert len({bar.care.start_s for bar in couple}) == 1
    assert all(bar.couple for bar in couple)


def test_the_map_follows_the_rows(busy: Office) -> None:
    """Each row's line begins where the therapist starts, and its stops are numbered as on the timeline."""
    planned(busy)
    board = day_board(busy.services, busy.dispatcher, DAY)
    all_rows = rows(board)
    for row, route in zip(all_rows, map_routes(board, all_rows), strict=True):
        assert (route.key, route.colour) == (row.key, row.colour)
        assert [stop.number for stop in route.stops] == [str(n + 1) for n in range(row.visits)]
        if row.visits:
            start = board.problem.locations[board.problem.therapist(row.therapist_id).start_location or 0]
            assert route.line[0] == (start.lat, start.lon)
        else:
            assert route.line == ()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_show_as_themselves(busy: Office, busy_house: House, hostile: str) -> None:
    """A client and a therapist with such a name are shown exactly so, on the board, its cards and its map."""
    client_noun = client_page(busy.services, busy.owner, "c-lim").client
    change_client(busy.services, busy.owner, replace(client_noun, name=hostile, first_name="x"))
    aina = get_therapist(busy.services, busy.owner, "t-aina")
    change_therapist(busy.services, busy.owner, replace(aina, name=hostile))
    planned(busy)
    client = busy_house.signed_in(Role.DISPATCHER)
    card = f"{PAGE}/booking/b1"
    for path in (PAGE, card, f"{PAGE}/now", f"{PAGE}/visit/b1/0"):
        text = client.get(path).text
        assert hostile in html.unescape(text), path
        assert "canary49" not in text
        assert "<img src=x" not in text
        assert "<script>alert" not in text
    script = client.get(PAGE).text.split("map_board = L.map")[1].split("</script>")[0]
    assert "{{" not in script
    assert "${alert" not in script
    assert "`" not in script


def test_planning_from_the_board(busy: Office, busy_house: House) -> None:
    """Optimise makes a job and wakes the runner; its progress is shown, and a second click gives the same job."""
    client = busy_house.signed_in(Role.DISPATCHER)
    answer = client.post(f"{PAGE}/plan", data={"seconds": "5"})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    client.post(f"{PAGE}/plan", data={"seconds": "5"})
    assert len(busy.woken) == 1
    job = day_board(busy.services, busy.dispatcher, DAY).job
    assert job is not None
    page = client.get(PAGE).text
    assert "Waiting for the planner" in page
    assert "Optimise" not in page.replace("Optimise the day", "")
    fragment = client.get(f"{PAGE}/progress/{job.id}").text
    assert 'hx-trigger="every 700ms"' in fragment
    running = claim_job(busy.services, "worker")
    assert running is not None
    proven = Certificate(served_at_most=3)
    told = Progress(percent=9, rounds=3, served=2, left_out=2, points=1, phase="plan.phase_improve", certificate=proven)
    report_progress(busy.services, running, told)
    for path in (f"{PAGE}/progress/{job.id}", PAGE):
        assert "This plan serves 2; no plan serves more than 3." in client.get(path).text
    assert client.post(f"{PAGE}/stop/{job.id}").status_code == 303
    assert day_board(busy.services, busy.dispatcher, DAY).job != job
    over = client.get(f"{PAGE}/progress/{job.id}").text
    assert "Stopping" in over or f'hx-get="{PAGE}/now"' in over
    assert client.get(f"/day/2026-11-26/progress/{job.id}").status_code == 404


@pytest.mark.parametrize("seconds", ["0", "601", "-5", "ten", "1e9"])
def test_a_thinking_time_out_of_bounds(busy_house: House, busy: Office, seconds: str) -> None:
    """A thinking time that makes no sense is refused with a sentence, and no job is made."""
    answer = busy_house.signed_in(Role.DISPATCHER).post(f"{PAGE}/plan", data={"seconds": seconds})
    assert answer.status_code == 400
    assert "from 1 to 600" in answer.text
    assert busy.woken == []


def test_publishing_what_is_seen(busy: Office, busy_house: House) -> None:
    """Publish takes exactly the plan that was on the page; a newer one meanwhile is a conflict and nothing changes."""
    first = planned(busy)
    client = busy_house.signed_in(Role.DISPATCHER)
    second = planned(busy)
    refused = client.post(f"{PAGE}/publish", data={"head_id": first.id})
    assert refused.status_code == 409
    assert day_board(busy.services, busy.dispatcher, DAY).published is None
    assert client.post(f"{PAGE}/publish", data={"head_id": second.id}).status_code == 303
    page = client.get(PAGE).text
    assert "Plan #2 is published: therapists see it now." in page
    assert ">Publish<" not in page


def test_a_booking_after_planning(busy: Office, busy_house: House) -> None:
    """A booking taken after planning marks the plan as changed and waits among those left out."""
    planned(busy)
    add_booking(busy.services, busy.taker, booking("b9", "c-tan", 12, 18))
    page = busy_house.signed_in(Role.DISPATCHER).get(PAGE).text
    assert "Changed since planned" in page
    assert "New since the plan was made." in page


def test_a_booking_taker_reads_and_plans_not(busy_house: House) -> None:
    """A booking taker sees the day without the buttons she may not press."""
    page = busy_house.signed_in(Role.BOOKING_TAKER).get(PAGE).text
    assert "data-row=" in page
    assert f'action="{PAGE}/plan"' not in page


def test_why_a_booking_is_left_out(busy: Office, busy_house: House) -> None:
    """A booking that cannot be served says why, for every therapist; one that is served is not found there."""
    add_booking(busy.services, busy.taker, booking("b8", "c-tan", 12, 18, treatment_id="mother"))
    planned(busy)
    client = busy_house.signed_in(Role.DISPATCHER)
    page = client.get(f"{PAGE}/booking/b8/why")
    assert page.status_code == 200
    assert page.text.count("<li>") == 3
    explained = why_left_out(busy.services, busy.dispatcher, DAY, "b8")
    assert {one.therapist_id for one in explained.explanation.per_therapist} == {"t-aina", "t-bee", "t-chandra"}
    assert client.get(f"{PAGE}/booking/b1/why").status_code == 404
    with pytest.raises(NotFound):
        why_left_out(busy.services, busy.dispatcher, DAY, "b1")


def test_cards_of_visits_and_bookings(busy: Office, busy_house: House) -> None:
    """A visit's card tells when to leave and arrive; one whose visit is gone meanwhile shows the booking instead."""
    planned(busy)
    client = busy_house.signed_in(Role.DISPATCHER)
    assert re.search(r"Arrive \d\d:\d\d", client.get(f"{PAGE}/visit/b1/0").text)
    assert "Relax" in client.get(f"{PAGE}/visit/b1/7").text
    assert client.get(f"{PAGE}/visit/nobody/0").status_code == 404
    assert "B-12-3" in client.get(f"{PAGE}/booking/b1").text
    assert len(list_bookings(busy.services, busy.taker, DAY).bookings) == 4


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "23-11-2026", "1999-12-31", "9999-12-31", "2026-11-25%0A"])
def test_what_is_no_day(house: House, day: str) -> None:
    """An address or a choice that is no date is answered with a sentence."""
    client = house.signed_in(Role.DISPATCHER)
    assert client.get(f"/day/{day}").status_code in {400, 404}
    answer = client.get("/day", query_string={"day": day})
    assert answer.status_code == 400
    assert "year-month-day" in answer.text


def test_the_day_picker(house: House) -> None:
    """The date chosen leads to its board, and from there to the days beside it."""
    client = house.signed_in(Role.DISPATCHER)
    assert client.get("/day?day=2026-12-01").headers["Location"] == "/day/2026-12-01"
    page = client.get("/day/2026-12-01").text
    assert 'href="/day/2026-11-30"' in page
    assert 'href="/day/2026-12-02"' in page


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Aina Rahman", "AR"),
        ("Tan Mei Ling \u9648\u7f8e\u73b2", "TL"),
        ("\u9648\u7f8e\u73b2", "\u9648"),
        ("Madonna", "Ma"),
        ("{{7*7}}", "?"),
        ("", "?"),
        ("O'Neil (day)", "O'"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    """A chip shows two letters people know her by, whatever the script."""
    assert initials(name) == letters


def test_a_move_is_weighed_then_made_by_the_form(busy: Office, busy_house: House) -> None:
    """The card's form asks for a verdict, and sending it moves the visit; an old form is refused with a sentence."""
    revision = planned(busy)
    client = busy_house.signed_in(Role.DISPATCHER)
    card = client.get(f"{PAGE}/visit/b1/0").text
    assert f'action="{PAGE}/booking/b1/move"' in card
    assert f'value="{revision.id}"' in card
    holder = next(r.therapist_id for r in revision.plan.routes if "b1/0" in r.visit_ids())
    other = next(name for name in ("t-aina", "t-bee") if name != holder)
    verdict = client.get(f"{PAGE}/booking/b1/move", query_string={"therapist-0": other, "start": ""})
    assert verdict.status_code == 200
    assert 'class="flash flash-' in verdict.text
    assert "starts at" in verdict.text
    form = {"therapist-0": other, "start": "", "reason": "closer", "head_id": revision.id}
    assert client.post(f"{PAGE}/booking/b1/move", data=form).status_code == 303
    board = day_board(busy.services, busy.dispatcher, DAY)
    assert "b1/0" in board.plan.route_of(other).visit_ids()
    again = client.post(f"{PAGE}/booking/b1/move", data=form)
    assert again.status_code == 409
    assert "A colleague has changed the plan" in again.text


@pytest.mark.parametrize("start", ["25:99", "-1", "9" * 400, "noon", "{{7*7}}"])
def test_a_move_to_no_time_is_refused(busy_house: House, start: str) -> None:
    """A start that is no time is refused with a sentence, weighed or sent."""
    client = busy_house.signed_in(Role.DISPATCHER)
    asked = {"therapist-0": "t-aina", "start": start}
    assert client.get(f"{PAGE}/booking/b1/move", query_string=asked).status_code == 400
    assert client.post(f"{PAGE}/booking/b1/move", data=asked).status_code == 400


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_move_of_what_is_not_there_is_refused(busy_house: House, hostile: str) -> None:
    """Unknown therapists and bookings are refused, and what was sent is never shown as markup."""
    client = busy_house.signed_in(Role.DISPATCHER)
    for answer in (
        client.get(f"{PAGE}/booking/b1/move", query_string={"therapist-0": hostile[:80]}),
        client.get(f"{PAGE}/booking/b1/move"),
        client.get(f"{PAGE}/booking/nobody/move", query_string={"therapist-0": "t-aina"}),
    ):
        assert answer.status_code in {400, 404}
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text


def test_who_may_not_plan_sees_no_form(busy: Office, busy_house: House) -> None:
    """A booking taker's card has no form to move visits, and sending one is refused."""
    planned(busy)
    client = busy_house.signed_in(Role.BOOKING_TAKER)
    assert "Move by hand" not in client.get(f"{PAGE}/visit/b1/0").text
    assert client.get(f"{PAGE}/booking/b1/move", query_string={"therapist-0": "t-aina"}).status_code == 403
