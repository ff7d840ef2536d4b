"""Requests from the phone are asked once, answered once, and what is accepted happens by the same rules in the same step."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import BadInput, Conflict, Forbidden, LaluanError, NotFound
from dispatch.model.request import RequestState
from dispatch.model.therapist import Therapist
from dispatch.work.permissions import Permission
from dispatch.work.requests import (
    answer,
    ask_for_day_off,
    ask_for_swap,
    her_requests,
    open_requests,
    requests,
    withdraw,
)
from tests.work.company import DAY, Office
from tests.work.plans import keep_and_publish

FRIDAY = DAY + timedelta(days=2)
KEY = "request-0001"


def codes(office: Office) -> list[str]:
    """Give the audit's codes about requests, oldest first."""
    with office.services.store.reading() as tx:
        return [row.code for row in reversed(tx.audit("main")) if row.code.startswith("request.")]


def test_an_accepted_day_off_is_in_the_roster(busy: Office) -> None:
    """Asked twice it is one request; accepted once, her roster has the day off with her reason, and no second answer."""
    first = ask_for_day_off(busy.services, busy.therapist, KEY, FRIDAY, "my sister marries")
    assert ask_for_day_off(busy.services, busy.therapist, KEY, FRIDAY, "my sister marries") == first
    assert open_requests(busy.services, busy.dispatcher) == 1
    kept = answer(busy.services, busy.dispatcher, KEY, first.version, accept=True, words="Enjoy it")
    assert kept.state is RequestState.ACCEPTED
    with busy.services.store.reading() as tx:
        roster = tx.get(Therapist, "t-aina").roster
    assert roster.on(FRIDAY) == ((), ())
    assert [one.reason for one in roster.exceptions] == ["my sister marries"]
    assert her_requests(busy.services, busy.therapist)[0].answer == "Enjoy it"
    with pytest.raises(Conflict):
        answer(busy.services, busy.dispatcher, KEY, kept.version, accept=False, words="")
    assert codes(busy) == ["request.made", "request.accepted"]


def test_a_refused_or_withdrawn_one_changes_nothing(busy: Office) -> None:
    """Refused, the roster stays; taken back, nobody can accept it any more; a stale answer is refused."""
    asked = ask_for_day_off(busy.services, busy.therapist, KEY, FRIDAY, "")
    with pytest.raises(Conflict):
        answer(busy.services, busy.dispatcher, KEY, asked.version + 1, accept=True, words="")
    answer(busy.services, busy.dispatcher, KEY, asked.version, accept=False, words="We are too few")
    other = ask_for_day_off(busy.services, busy.therapist, "request-0002", FRIDAY, "")
    withdraw(busy.services, busy.therapist, other.id)
    with pytest.raises(Conflict):
        answer(busy.services, busy.dispatcher, other.id, other.version + 1, accept=True, words="")
    with busy.services.store.reading() as tx:
        assert tx.get(Therapist, "t-aina").roster.exceptions == ()


def test_a_swap_is_weighed_and_made_by_the_rules(busy: Office) -> None:
    """Bee cannot be at two places, which the desk reads and accepting refuses; Chandra can take it, and the plan has it so."""
    keep_and_publish(busy)
    ask_for_swap(busy.services, busy.therapist, KEY, DAY, "b1/0", "t-bee", "far")
    ask_for_swap(busy.services, busy.therapist, "request-0002", DAY, "b3/0", "t-chandra", "")
    found = requests(busy.services, busy.dispatcher)
    verdicts = {one.request.id: one.verdict for one in found.waiting}
    good = verdicts[KEY]
    bad = verdicts["request-0002"]
    assert good is not None
    assert bad is not None
    assert bad.breaches
    with pytest.raises(LaluanError):
        answer(
            busy.services,
            busy.dispatcher,
            "request-0002",
            1,
            accept=True,
            words="",
            head_id=found.waiting[0].head_id or "",
        )
    assert open_requests(busy.services, busy.dispatcher) == 2
    assert not good.breaches
    head = found.waiting[0].head_id or ""
    answer(busy.services, busy.dispatcher, KEY, 1, accept=True, words="", head_id=head)
    with busy.services.store.reading() as tx:
        pointers = tx.pointers("main", DAY)
        plan = tx.revision(pointers.head_id or "").plan
    assert pointers.head_id != head
    assert "b1/0" in plan.route_of("t-bee").visit_ids()
    assert codes(busy) == ["request.made", "request.made", "request.accepted"]


@pytest.mark.parametrize(
    ("day", "code"), [(DAY - timedelta(days=1), "request.day"), (DAY + timedelta(days=400), "request.day")]
)
def test_days_out_of_reach_are_refused(busy: Office, day: object, code: str) -> None:
    """Yesterday and the year after next are no days to ask for."""
    with pytest.raises(BadInput) as refused:
        ask_for_day_off(busy.services, busy.therapist, KEY, day, "")  # type: ignore[arg-type]
    assert refused.value.code == code


def test_what_is_not_hers_is_refused(busy: Office) -> None:
    """A visit of somebody else, a swap with herself, another's request and another role are refused by name."""
    keep_and_publish(busy)
    for visit, other, code in (("b2/0", "t-bee", "request.not_hers"), ("b1/0", "t-aina", "request.nobody")):
        with pytest.raises(BadInput) as refused:
            ask_for_swap(busy.services, busy.therapist, KEY, DAY, visit, other, "")
        assert refused.value.code == code
    ask_for_day_off(busy.services, busy.therapist, KEY, FRIDAY, "")
    bee = replace(busy.therapist, id="t-bee", therapist_id="t-bee")
    with pytest.raises(NotFound):
        withdraw(busy.services, bee, KEY)
    with pytest.raises(NotFound):
        ask_for_day_off(busy.services, bee, KEY, FRIDAY, "")
    with pytest.raises(Forbidden) as forbidden:
        answer(busy.services, busy.taker, KEY, 1, accept=True, words="")
    assert forbidden.value.code == f"forbidden.{Permission.TEAM}"
