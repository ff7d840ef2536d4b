"""No use case of the whole package is forgotten: each is denied to whoever's role does not hold its permission."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import dispatch.work
from dispatch.errors import Forbidden
from dispatch.words import sentence
from dispatch.work.permissions import Permission, may
from tests.work.company import Office
from tests.work.test_roles import CASES

FREE = {
    "accounts.set_language": "everybody chooses the language of her own pages",
    "branches.get_branch": "every page needs its branch's time zone",
    "days.today_of": "every page needs to know what day it is",
    "imports.import_table": "which permission it asks for depends on the kind of table; tests of imports try both",
    "road_messages.to_write": "whoever may not write to clients is given no message",
    "sent_twice.begin": "a program's token sees its own answers only, and the use case behind them asks",
}
"""What anybody signed in may do, and why."""

PERMISSION_OF: dict[str, Permission] = {
    "alarms.alarm_panel": Permission.READ_DAY,
    "alarms.alarms_page": Permission.READ_DAY,
    "alarms.answer_alarm": Permission.READ_DAY,
    "alarms.close_alarm": Permission.READ_DAY,
    "alarms.safety_page": Permission.PHONE_LINKS,
    "alarms.set_safety": Permission.BRANCH,
    "calendar_feed.has_calendar_link": Permission.OWN_DAY,
    "calendar_feed.make_calendar_link": Permission.OWN_DAY,
    "calendar_feed.revoke_calendar_link": Permission.OWN_DAY,
    "chats.read_pasted": Permission.BOOKINGS,
    "explaining.why_left_out": Permission.READ_DAY,
    "exports.calendar_file": Permission.READ_DAY,
    "exports.plan_file": Permission.READ_DAY,
    "exports.plan_sheet": Permission.READ_DAY,
    "exports.run_sheets": Permission.READ_DAY,
    "finding.bookings_with_digits": Permission.READ_DAY,
    "fixing.fix_here": Permission.PLANNING,
    "flags.lift_flag": Permission.PLANNING,
    "hers.her_side": Permission.OWN_DAY,
    "moving.make_move": Permission.PLANNING,
    "moving.weigh_move": Permission.READ_DAY,
    "pins.drop_pins": Permission.PHONE_LINKS,
    "pins.make_pins": Permission.PHONE_LINKS,
    "places.landmarks": Permission.CLIENTS,
    "places.place_options": Permission.CLIENTS,
    "planned.planned_visits": Permission.READ_DAY,
    "presence.last_change": Permission.READ_DAY,
    "presence.leave": Permission.READ_DAY,
    "presence.news": Permission.READ_DAY,
    "presence.note_presence": Permission.READ_DAY,
    "presence.plan_differences": Permission.READ_DAY,
    "presence.pulse": Permission.READ_DAY,
    "publishing.note_seen": Permission.OWN_DAY,
    "publishing.preview_publish": Permission.PUBLISHING,
    "publishing.preview_recall": Permission.PUBLISHING,
    "publishing.recall": Permission.PUBLISHING,
    "quotes.quote_sen": Permission.BOOKINGS,
    "remedying.apply_remedy": Permission.PLANNING,
    "reporting.report": Permission.OWN_DAY,
    "reporting.take_back": Permission.PLANNING,
    "requests.answer": Permission.TEAM,
    "requests.ask_for_day_off": Permission.OWN_DAY,
    "requests.ask_for_swap": Permission.OWN_DAY,
    "requests.colleagues": Permission.OWN_DAY,
    "requests.her_requests": Permission.OWN_DAY,
    "requests.open_requests": Permission.TEAM,
    "requests.requests": Permission.TEAM,
    "requests.withdraw": Permission.OWN_DAY,
    "road.road_day": Permission.READ_DAY,
    "signals.reminders": Permission.OWN_DAY,
    "signals.signal": Permission.OWN_DAY,
    "solving.solve_asked": Permission.PLANNING,
    "starter.start_catalogue": Permission.CATALOGUE,
    "taking.take_address": Permission.CLIENTS,
    "taking.take_booking": Permission.BOOKINGS,
    "undoing.redo": Permission.PLANNING,
    "undoing.undo": Permission.PLANNING,
    "versions.versions_of_day": Permission.READ_DAY,
}
"""The permission of every use case that `test_roles` does not try with arguments of its own."""


def use_cases() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Give every function of the package that takes services and an actor, by its module and name."""
    for module in pkgutil.walk_packages(dispatch.work.__path__, "dispatch.work."):
        for name, function in vars(importlib.import_module(module.name)).items():
            mine = inspect.isfunction(function) and function.__module__ == module.name and not name.startswith("_")
            if mine and list(inspect.signature(function).parameters)[:2] == ["services", "actor"]:
                yield f"{module.name.removeprefix('dispatch.work.')}.{name}", function


def test_every_use_case_is_tried() -> None:
    """A use case that somebody adds is tried here or in `test_roles`, or is said to be free and why."""
    tried = {use_case for _, use_case, _, _ in CASES}
    unknown = {name for name, one in use_cases() if one not in tried} - PERMISSION_OF.keys() - FREE.keys()
    assert not unknown, f"Say in PERMISSION_OF who may: {sorted(unknown)}"
    gone = (PERMISSION_OF.keys() | FREE.keys()) - {name for name, _ in use_cases()}
    assert not gone, f"Nobody can do these any more: {sorted(gone)}"


@pytest.mark.parametrize("name", PERMISSION_OF)
def test_others_are_denied_before_anything_is_looked_at(office: Office, name: str) -> None:
    """Whoever lacks the permission gets a sentence, whatever she asks for, and not a row is written."""
    use_case = dict(use_cases())[name]
    needed = list(inspect.signature(use_case).parameters.values())[2:]
    given = [None for one in needed if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD]
    named = {one.name: None for one in needed if one.default is one.empty and one.kind is one.KEYWORD_ONLY}
    with office.services.store.reading() as tx:
        before = tx.audit("")
    others = [
        actor
        for actor in (office.owner, office.dispatcher, office.taker, office.therapist)
        if not may(actor, PERMISSION_OF[name])
    ]
    assert others
    for actor in others:
        with pytest.raises(Forbidden) as denied:
            use_case(office.services, actor, *given, **named)
        assert sentence(denied.value.code, denied.value.values)
    with office.services.store.reading() as tx:
        assert tx.audit("") == before
