"""A change that comes too late overwrites nothing, and whoever made it is told what she wanted, what is, and by whom."""

import inspect
import re
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest

from dispatch.model.kinds import Role
from dispatch.model.move import Move
from dispatch.work.clients import change_client, client_page
from dispatch.work.days import day_board
from dispatch.work.moving import make_move
from tests.web.house import House
from tests.work.company import DAY, Office
from tests.work.plans import FULL, keep

PAGE = f"/day/{DAY}"
VERSIONED = re.compile(r"head_id|version|proposal_id")
"""The field by which a form says what it was filled in for."""

NOTHING_TO_OVERWRITE = {
    "board.plan": "asks for work; a plan for a head that moved becomes a proposal",
    "board.stop": "stops a job, however often it is asked",
    "board.presence": "says that somebody is here",
    "board.end": "ends one thing of an id, once",
    "board.take_report_back": "takes back one report of an id, once",
    "desk.answer_this_alarm": "adds who sees to an alarm, once for each",
    "desk.answer_linked": "adds who sees to an alarm, once for each",
    "desk.therapist_pins": "gives new PINs, or none, whatever they were before",
    "desk.take_new_address": "adds",
    "desk.take_new_booking": "adds",
    "desk.take_building": "adds",
    "desk.take_treatment": "adds",
    "desk.take_client": "adds",
    "desk.take_therapist": "adds",
    "desk.keep_word": "adds",
    "desk.offer_times": "reads",
    "desk.find_client": "reads",
    "desk.take_care_plan": "adds",
    "desk.answer_care_visit": "confirms or lets go one start that is kept, once",
    "desk.read_chat": "reads",
    "desk.offer_slots_for_chat": "reads",
    "desk.take_from_chat": "adds, once for the id its page was opened with",
    "desk.confirm_held_booking": "confirms a held start, once",
    "desk.let_go_of_booking": "lets a held start go, once",
    "desk.check_import": "reads",
    "desk.confirm_import": "adds",
    "desk.lock_booking": "fixes a visit as a whole, whatever it was before",
    "desk.phone_link": "adds",
    "desk.revoke_links": "revokes all there are",
}
"""The routes that change nothing another dispatcher could have changed meanwhile."""


def moved_by_owner(office: Office) -> str:
    """Keep a plan, let the owner change it, and give the id of the plan that is old now."""
    head = keep(office, FULL)
    make_move(office.services, office.owner, DAY, Move(places=(("b1/0", "t-bee"),), start_s=None), head_id=head.id)
    return head.id


def test_a_stale_move_is_told_all_of_it(busy_house: House) -> None:
    """The page says who was faster, what became of the plan, what was wanted with its reason, and leads back."""
    client, office = busy_house.signed_in(Role.DISPATCHER), busy_house.office
    old = moved_by_owner(office)
    before = day_board(office.services, office.dispatcher, DAY)
    typed = {"therapist-0": "t-chandra", "start": "15:00", "reason": "she <asked> for him", "head_id": old}
    answer = client.post(f"{PAGE}/booking/b1/move", data=typed)
    assert answer.status_code == 409
    page = answer.text
    assert "Somebody else was faster" in page
    assert "Now it is plan #2, made by owner at 09:00." in page
    assert "went to Bee Ling" in page
    assert "<bdi>Chandra</bdi>" in page
    assert "she &lt;asked&gt; for him" in page
    assert f'href="{PAGE}"' in page
    after = day_board(office.services, office.dispatcher, DAY)
    assert (after.head, after.plan, after.problem) == (before.head, before.plan, before.problem)


def test_the_wish_can_be_made_on_the_newer_plan(busy_house: House) -> None:
    """The page's second button sends the same wish with the newer plan, which the rules judge anew."""
    client, office = busy_house.signed_in(Role.DISPATCHER), busy_house.office
    old = moved_by_owner(office)
    page = client.post(f"{PAGE}/booking/b1/move", data={"therapist-0": "t-chandra", "head_id": old}).text
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.split("<form", 2)[-1]))
    again.pop("csrf_token", None)
    assert again["therapist-0"] == "t-chandra"
    assert again["head_id"] != old
    assert client.post(f"{PAGE}/booking/b1/move", data=again).status_code == 303
    assert "b1/0" in day_board(office.services, office.dispatcher, DAY).plan.route_of("t-chandra").visit_ids()


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("publish", {}),
        ("undo", {}),
        ("visit/b1/0/lock", {"fix": "therapist"}),
        ("booking/b2/move", {"therapist-0": "t-aina"}),
    ],
)
def test_every_stale_form_of_the_board_is_refused(busy_house: House, path: str, form: dict[str, str]) -> None:
    """With the id of an older plan no form of the board changes anything; each names the newer plan."""
    client, office = busy_house.signed_in(Role.DISPATCHER), busy_house.office
    old = moved_by_owner(office)
    before = day_board(office.services, office.dispatcher, DAY)
    answer = client.post(f"{PAGE}/{path}", data={**form, "head_id": old})
    assert answer.status_code == 409
    assert "Now it is plan #2, made by owner" in answer.text
    assert day_board(office.services, office.dispatcher, DAY) == before


def test_a_fragment_is_told_in_a_fragment(busy_house: House) -> None:
    """A form sent by htmx is answered with the same words, without a page around them."""
    client, office = busy_house.signed_in(Role.DISPATCHER), busy_house.office
    old = moved_by_owner(office)
    answer = client.post(f"{PAGE}/undo", data={"head_id": old}, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "<html" not in answer.text
    assert "Now it is plan #2" in answer.text


def test_what_a_rule_refuses_is_not_called_late(busy_house: House) -> None:
    """A publishing that the newest plan itself does not allow is refused for that, not for anybody's speed."""
    client, office = busy_house.signed_in(Role.DISPATCHER), busy_house.office
    head = keep(office, FULL)
    answer = client.post(f"{PAGE}/undo", data={"head_id": head.id})
    assert "Somebody else was faster" not in answer.text


def test_a_client_changed_meanwhile_names_who_did_it(busy_house: House) -> None:
    """Away from the board too, a stale form says who changed the thing and when, beside what was typed."""
    client, office = busy_house.signed_in(Role.DISPATCHER), busy_house.office
    changed = client_page(office.services, office.owner, "c-lim").client
    change_client(office.services, office.owner, replace(changed, note="knock twice"))
    answer = client.post("/clients/c-lim", data={"version": "1", "name": "Lim Mei Ling", "note": "ring thrice"})
    assert answer.status_code == 409
    assert "owner changed it at 09:00." in answer.text
    assert "ring thrice" in answer.text
    assert client_page(office.services, office.owner, "c-lim").client.note == "knock twice"


def source_of(view: Callable[..., object]) -> str:
    """Give a view's source with that of the functions of its own module it calls, and theirs."""
    module, seen, left = sys.modules[view.__module__], {view.__name__: view}, [view]
    while left:
        for name in left.pop().__code__.co_names:
            called = getattr(module, name, None)
            if inspect.isfunction(called) and called.__module__ == module.__name__ and name not in seen:
                seen[name] = called
                left.append(called)
    return "".join(inspect.getsource(one) for one in seen.values())


def test_every_form_says_what_it_was_filled_in_for(busy_house: House) -> None:
    """No route of the board or the desk that changes something can be written without the version it changes."""
    app = busy_house.app
    found = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set())
        and rule.endpoint.startswith(("board.", "desk."))
        and rule.endpoint not in NOTHING_TO_OVERWRITE
        and not VERSIONED.search(source_of(app.view_functions[rule.endpoint]))
    ]
    assert found == [], f"Let these read head_id (or a version) and refuse a stale one: {found}"
