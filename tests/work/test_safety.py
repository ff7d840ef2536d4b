"""The watch over published visits: what is an alarm, who is told in which order, what ends it, and what survives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dispatch.errors import BadInput, Conflict, Forbidden
from dispatch.model.kinds import EventKind
from dispatch.model.outgoing import Channel
from dispatch.model.safety import (
    Alarm,
    AlarmKind,
    AlarmState,
    LineKind,
    SafetyRules,
    SafetyStep,
    SignalKind,
    Watch,
    Whom,
)
from dispatch.words import sentence
from dispatch.work.alarms import (
    alarm_panel,
    alarms_page,
    answer_alarm,
    answer_by_link,
    close_alarm,
    linked_alarm,
    set_safety,
)
from dispatch.work.bookings import cancel_booking
from dispatch.work.branches import get_branch
from dispatch.work.flags import lift_flag
from dispatch.work.pins import make_pins
from dispatch.work.reporting import Tap, report, take_back
from dispatch.work.signals import PhoneSignal, reminders, signal
from dispatch.work.watching import sweep
from tests.work.company import Office
from tests.work.plans import keep_and_publish
from tests.work.test_sending import Post

VISIT = "b1/0"


@pytest.fixture
def out(busy: Office) -> Post:
    """Give the one way out of the company's office."""
    return Post(channel=Channel.EMAIL)


@pytest.fixture(name="shown")
def published(busy: Office, out: Post) -> Office:
    """Give the office with its plan published and e-mail set."""
    ready = replace(
        busy, services=replace(busy.services, channels={Channel.EMAIL: out}, public_url="https://kl.example")
    )
    keep_and_publish(ready)
    return ready


def watches(office: Office) -> dict[str, Watch]:
    """Give what is watched."""
    with office.services.store.reading() as tx:
        return {one.id: one for one in tx.list(Watch, "main")}


def alarms(office: Office) -> dict[AlarmKind, Alarm]:
    """Give the alarms of the first visit, and of none, by kind."""
    with office.services.store.reading() as tx:
        return {one.kind: one for one in tx.list(Alarm, "main") if one.visit_id in {VISIT, ""}}


def at(office: Office, moment: datetime) -> None:
    """Let it be a moment, and let the watch look."""
    office.clock.moment = moment
    sweep(office.services)


def tap(office: Office, key: str, kind: EventKind, when: datetime | None = None, **other: Any) -> None:
    """Let Aina tap."""
    one = Tap(id=f"tap-{key}-00", visit_id=VISIT, kind=kind, device_at=when or office.clock(), **other)
    (answer,) = report(office.services, office.therapist, [one])
    assert answer.refused is None


def press(office: Office, key: str, kind: SignalKind, pin: str = "", visit_id: str = VISIT) -> None:
    """Let Aina's phone signal."""
    one = PhoneSignal(id=f"signal-{key}", kind=kind, device_at=office.clock(), visit_id=visit_id, pin=pin)
    assert signal(office.services, office.therapist, [one]) == (one.id,)


def told(alarm: Alarm) -> list[tuple[Whom | None, str, str]]:
    """Give who was told by which way."""
    return [(line.whom, line.who_name, line.by_way) for line in alarm.lines if line.what is LineKind.TOLD]


def test_publishing_arms_every_visit_from_the_plan(shown: Office) -> None:
    """Each visit of the published plan is watched from its own transaction on, due by its planned start and the grace."""
    found = watches(shown)
    assert sorted(found) == ["b1/0", "b2/0", "b3/0", "b3/1", "b4/0"]
    for one in found.values():
        assert one.due_at == one.start_at + timedelta(minutes=15)


def test_nothing_is_an_alarm_on_a_day_that_is_tapped(shown: Office, out: Post) -> None:
    """A visit that starts and ends as planned raises nothing and tells nobody."""
    watch = watches(shown)[VISIT]
    at(shown, watch.start_at)
    tap(shown, "start", EventKind.STARTED)
    at(shown, watch.end_at)
    tap(shown, "end", EventKind.FINISHED)
    at(shown, watch.end_at + timedelta(minutes=15))
    assert alarms(shown) == {}
    assert watches(shown)[VISIT].due_at is None


def test_a_missed_start_climbs_the_ladder(shown: Office) -> None:
    """Reminder to the therapist, then the responder on duty, then the owner, each when its time has come, each noted."""
    rules = SafetyRules(responders=("taker",) * 7)
    set_safety(shown.services, shown.owner, rules, version=get_branch(shown.services, shown.owner).version)
    due = watches(shown)[VISIT].start_at + timedelta(minutes=15)
    at(shown, due - timedelta(seconds=1))
    assert alarms(shown) == {}
    at(shown, due)
    assert [one[:2] for one in told(alarms(shown)[AlarmKind.NO_START])] == [(Whom.THERAPIST, "Aina")]
    at(shown, due + timedelta(minutes=5))
    at(shown, due + timedelta(minutes=6))
    at(shown, due + timedelta(minutes=15))
    steps = told(alarms(shown)[AlarmKind.NO_START])
    assert [one for one in steps if one[2] != "page"] == [
        (Whom.RESPONDER, "taker", "board"),
        (Whom.RESPONDER, "taker", "email"),
        (Whom.OWNER, "owner", "board"),
        (Whom.OWNER, "owner", "email"),
    ]
    with shown.services.store.reading() as tx:
        messages = tx.outgoing_about("main", [alarms(shown)[AlarmKind.NO_START].id])
    assert [one.to for one in messages] == ["taker@test.example", "owner@test.example"]
    assert all(one.urgent and "B-12-3" in one.text and "https://kl.example/alarm/" in one.link for one in messages)


def test_an_alarm_nobody_answers_is_told_again_and_again(shown: Office) -> None:
    """After the last step it is repeated as often as the company set, and then stands on the board alone."""
    due = watches(shown)[VISIT].start_at + timedelta(minutes=15)
    for minute in range(0, 200, 5):
        at(shown, due + timedelta(minutes=minute))
    alarm = alarms(shown)[AlarmKind.NO_START]
    owners = [one for one in told(alarm) if one[0] is Whom.OWNER and one[2] == "email"]
    assert len(owners) == 1 + SafetyRules().again_times
    assert (alarm.state, alarm.due_at) == (AlarmState.OPEN, None)


def test_a_server_that_was_down_skips_nobody(shown: Office) -> None:
    """Where the server comes back late, the alarm is raised then and every step is taken, in order."""
    due = watches(shown)[VISIT].start_at + timedelta(minutes=15)
    at(shown, due + timedelta(minutes=20))
    for minute in (25, 36):
        at(shown, due + timedelta(minutes=minute))
    whom = [one[0] for one in told(alarms(shown)[AlarmKind.NO_START])]
    assert list(dict.fromkeys(whom)) == [Whom.THERAPIST, Whom.RESPONDER, Whom.OWNER]


def test_a_tap_that_comes_late_clears_the_alarm_honestly(shown: Office) -> None:
    """A start that was tapped in time without a signal ends the alarm, which keeps both her phone's time and ours."""
    watch = watches(shown)[VISIT]
    at(shown, watch.start_at + timedelta(minutes=21))
    tap(shown, "start", EventKind.STARTED, when=watch.start_at + timedelta(minutes=2))
    at(shown, watch.start_at + timedelta(minutes=22))
    alarm = alarms(shown)[AlarmKind.NO_START]
    assert (alarm.state, alarm.due_at) == (AlarmState.CLEARED, None)
    last = alarm.lines[-1]
    assert (last.what, last.told_at) == (LineKind.CLEARED, watch.start_at + timedelta(minutes=2))
    assert last.at == watch.start_at + timedelta(minutes=22)


def test_a_start_taken_back_raises_it_again(shown: Office) -> None:
    """A clearing tap that is taken back clears no more: the same alarm stands again, with its whole record."""
    watch = watches(shown)[VISIT]
    at(shown, watch.start_at + timedelta(minutes=15))
    tap(shown, "start", EventKind.STARTED)
    at(shown, watch.start_at + timedelta(minutes=16))
    assert take_back(shown.services, shown.dispatcher, "tap-start-00")
    at(shown, watch.start_at + timedelta(minutes=17))
    alarm = alarms(shown)[AlarmKind.NO_START]
    assert alarm.state is AlarmState.OPEN
    assert [line.what for line in alarm.lines if line.what is not LineKind.TOLD] == [
        LineKind.RAISED,
        LineKind.CLEARED,
        LineKind.AGAIN,
    ]


def test_a_missed_finish_is_an_alarm_even_with_a_dead_phone(shown: Office) -> None:
    """A phone that says nothing after its start, or nothing at all, is missed at the planned end and the grace."""
    watch = watches(shown)[VISIT]
    at(shown, watch.start_at)
    tap(shown, "start", EventKind.STARTED)
    at(shown, watch.end_at + timedelta(minutes=14))
    assert alarms(shown) == {}
    at(shown, watch.end_at + timedelta(minutes=16))
    assert list(alarms(shown)) == [AlarmKind.NO_FINISH]
    assert [(one.kind, one.visit_id) for one in reminders(shown.services, shown.therapist)] == [
        (AlarmKind.NO_FINISH, VISIT)
    ]


def test_who_runs_late_and_says_so_is_not_missed(shown: Office) -> None:
    """Running late, and saying that all is well, put the alarm off by what was told, and no further."""
    watch = watches(shown)[VISIT]
    at(shown, watch.start_at)
    tap(shown, "late", EventKind.RUNNING_LATE, payload="30")
    at(shown, watch.start_at + timedelta(minutes=44))
    assert alarms(shown) == {}
    at(shown, watch.start_at + timedelta(minutes=45))
    assert AlarmKind.NO_START in alarms(shown)
    press(shown, "well", SignalKind.ALL_WELL)
    at(shown, watch.start_at + timedelta(minutes=46))
    assert alarms(shown)[AlarmKind.NO_START].state is AlarmState.CLEARED
    at(shown, watch.start_at + timedelta(minutes=60))
    assert alarms(shown)[AlarmKind.NO_START].state is AlarmState.OPEN


def test_a_cancelled_booking_is_watched_no_more(shown: Office) -> None:
    """Cancelling ends the watch, and an alarm that stands."""
    watch = watches(shown)[VISIT]
    at(shown, watch.start_at + timedelta(minutes=15))
    cancel_booking(shown.services, shown.dispatcher, "b1", 1, "client is ill")
    sweep(shown.services)
    alarm = alarms(shown)[AlarmKind.NO_START]
    assert (alarm.state, alarm.lines[-1].what) == (AlarmState.CLEARED, LineKind.GONE)
    assert watches(shown)[VISIT].due_at is None


def test_an_answer_stops_the_ladder_and_a_word_closes_it(shown: Office) -> None:
    """Whoever answers is noted and nobody else is told; closing needs a word, and a stale page closes nothing."""
    due = watches(shown)[VISIT].start_at + timedelta(minutes=15)
    at(shown, due)
    key = alarms(shown)[AlarmKind.NO_START].id
    answered = answer_alarm(shown.services, shown.taker, key)
    assert answer_alarm(shown.services, shown.taker, key) == answered
    at(shown, due + timedelta(hours=1))
    alarm = alarms(shown)[AlarmKind.NO_START]
    assert [one[0] for one in told(alarm)] == [Whom.THERAPIST]
    with pytest.raises(BadInput):
        close_alarm(shown.services, shown.taker, key, version=alarm.version, word=" ")
    with pytest.raises(Conflict):
        close_alarm(shown.services, shown.taker, key, version=alarm.version - 1, word="spoke with her")
    close_alarm(shown.services, shown.taker, key, version=alarm.version, word="spoke with her")
    at(shown, due + timedelta(minutes=61))
    sweep(shown.services, thorough=True)
    alarm = alarms(shown)[AlarmKind.NO_START]
    assert (alarm.state, alarm.lines[-1].word) == (AlarmState.CLOSED, "spoke with her")
    with pytest.raises(Conflict):
        answer_alarm(shown.services, shown.taker, key)


def test_the_link_of_a_message_answers_as_its_person(shown: Office) -> None:
    """The link shows the alarm without changing it, answers it as whom it was sent to, and another one opens nothing."""
    due = watches(shown)[VISIT].start_at + timedelta(minutes=15)
    for minute in (0, 5):
        at(shown, due + timedelta(minutes=minute))
    key = alarms(shown)[AlarmKind.NO_START].id
    with shown.services.store.reading() as tx:
        (message,) = tx.outgoing_about("main", [key])
    token = message.link.rpartition("/")[2]
    assert linked_alarm(shown.services, token).alarm.state is AlarmState.OPEN
    answered = answer_by_link(shown.services, token)
    assert (answered.lines[-1].who_name, answered.lines[-1].by_way) == ("dispatcher", "link")
    for wrong in ("", "x", token[:-1] + ("A" if token[-1] != "A" else "B"), token.partition(".")[2]):
        with pytest.raises(Forbidden):
            linked_alarm(shown.services, wrong)


def test_sos_is_an_alarm_at_once_and_once(shown: Office) -> None:
    """SOS tells the responder at the next look, however often it arrives, with where she most likely is, on any screen."""
    watch = watches(shown)[VISIT]
    shown.clock.moment = watch.start_at
    for _ in range(2):
        press(shown, "help0", SignalKind.SOS, visit_id="")
        sweep(shown.services)
    alarm = alarms(shown)[AlarmKind.SOS]
    assert alarm.visit_id == VISIT
    assert {one[0] for one in told(alarm)} == {Whom.RESPONDER}
    assert len([one for one in told(alarm) if one[2] == "email"]) == 1
    assert reminders(shown.services, shown.therapist) == ()


def test_sos_without_a_plan_is_kept(busy: Office) -> None:
    """SOS on a day without any plan, naming nothing that exists, is an alarm all the same."""
    press(busy, "help1", SignalKind.SOS, visit_id="no such/7")
    sweep(busy.services)
    assert alarms(busy)[AlarmKind.SOS].visit_id == ""
    assert alarm_panel(busy.services, busy.taker).alarms[0].values["place"] == "-"


def test_the_pin_under_duress_looks_the_same_and_alarms(shown: Office) -> None:
    """Right, wrong and duress PIN get the same answer and write the same rows; only duress is an alarm, told to nobody near."""
    pins = make_pins(shown.services, shown.owner, "t-aina")
    watch = watches(shown)[VISIT]
    at(shown, watch.start_at)
    tap(shown, "start", EventKind.STARTED)
    at(shown, watch.end_at)
    wrong = next(f"{n:04}" for n in range(9) if f"{n:04}" not in {pins.right, pins.duress})
    rows = []
    for number, pin in enumerate((wrong, pins.right, pins.duress)):
        with shown.services.store.reading() as tx:
            before = tx.change_number("main")
        press(shown, f"pin{number}", SignalKind.CHECKED, pin=pin)
        with shown.services.store.reading() as tx:
            rows.append(tx.change_number("main") - before)
    assert rows == [1, 1, 1]
    tap(shown, "end", EventKind.FINISHED)
    sweep(shown.services)
    alarm = alarms(shown)[AlarmKind.DURESS]
    assert {one[0] for one in told(alarm)} == {Whom.RESPONDER}
    assert reminders(shown.services, shown.therapist) == ()
    with shown.services.store.reading() as tx:
        (message,) = tx.outgoing_about("main", [alarm.id])
        assert pins.duress not in str(tx.events("main", [VISIT]))
    assert "999" in message.text
    at(shown, watch.end_at + timedelta(hours=1))
    assert list(alarms(shown)) == [AlarmKind.DURESS]


def test_a_finish_without_her_pin_does_not_end_the_watch(shown: Office) -> None:
    """Where she has a PIN, a finish with a wrong one or none is asked about; her PIN then says that all is well."""
    pins = make_pins(shown.services, shown.owner, "t-aina")
    watch = watches(shown)[VISIT]
    at(shown, watch.start_at)
    tap(shown, "start", EventKind.STARTED)
    at(shown, watch.end_at)
    tap(shown, "end", EventKind.FINISHED)
    wrong = next(f"{n:04}" for n in range(9) if f"{n:04}" not in {pins.right, pins.duress})
    press(shown, "pin-w", SignalKind.CHECKED, pin=wrong)
    at(shown, watch.end_at + timedelta(minutes=15))
    assert list(alarms(shown)) == [AlarmKind.NO_FINISH]
    press(shown, "pin-r", SignalKind.CHECKED, pin=pins.right)
    at(shown, watch.end_at + timedelta(minutes=16))
    assert alarms(shown)[AlarmKind.NO_FINISH].state is AlarmState.CLEARED


def test_an_unsafe_report_flags_the_place(shown: Office) -> None:
    """The address is flagged with who told it, until somebody sets it free with a word; a report taken back flags nothing."""
    at(shown, watches(shown)[VISIT].start_at)
    tap(shown, "bad", EventKind.PROBLEM, payload="unsafe")
    page = alarms_page(shown.services, shown.taker)
    (flagged,) = page.flags
    assert (flagged.flag.address_id, flagged.therapist) == ("a-c-lim", "Aina")
    with pytest.raises(BadInput):
        lift_flag(shown.services, shown.dispatcher, flagged.flag.id, version=1, word="")
    lift_flag(shown.services, shown.dispatcher, flagged.flag.id, version=1, word="spoke with the client")
    assert alarms_page(shown.services, shown.taker).flags == ()
    tap(shown, "bad2", EventKind.PROBLEM, payload="unsafe")
    tap(shown, "back", EventKind.RETRACTED, retracts="tap-bad2-00")
    assert alarms_page(shown.services, shown.taker).flags == ()


def test_a_thorough_look_finds_what_nothing_stirred(shown: Office) -> None:
    """Even where a watch was never armed or was lost, the sweep of each minute derives it from the plan."""
    found = watches(shown)
    with shown.services.store.writing() as tx:
        for one in found.values():
            tx.delete(one)
    sweep(shown.services, thorough=True)
    assert watches(shown) == found


def test_what_was_past_when_it_was_published_is_not_missed(busy: Office) -> None:
    """A plan published in the afternoon raises nothing for its morning, and still waits for what is to come."""
    busy.clock.on(hours=7)
    keep_and_publish(busy)
    sweep(busy.services, thorough=True)
    found = watches(busy)
    assert found[VISIT].start_at + timedelta(minutes=15) < busy.clock()
    assert alarms(busy) == {}
    assert found["b4/0"].due_at == found["b4/0"].start_at + timedelta(minutes=15)


def test_settings_that_cannot_be_are_refused(shown: Office) -> None:
    """Graces, steps and people that make no sense are refused by name, and nothing is kept of them."""
    before = get_branch(shown.services, shown.owner)
    step = SafetyStep(whom=Whom.OWNER, after_s=600)
    for wrong in (
        SafetyRules(start_grace_s=0),
        SafetyRules(finish_grace_s=99_999),
        SafetyRules(steps=()),
        SafetyRules(steps=(step, replace(step, after_s=0))),
        SafetyRules(again_s=1),
        SafetyRules(responders=("nobody", "", "", "", "", "", "")),
        SafetyRules(responders=()),
    ):
        with pytest.raises(BadInput) as caught:
            set_safety(shown.services, shown.owner, wrong, version=before.version)
        assert sentence(caught.value.code, caught.value.values)
    assert get_branch(shown.services, shown.owner) == before


def test_the_clock_of_a_phone_ahead_gains_nothing(shown: Office) -> None:
    """That all is well, told with a clock an hour ahead, puts nothing off beyond when it reached us."""
    watch = watches(shown)[VISIT]
    shown.clock.moment = watch.start_at
    ahead = PhoneSignal(
        id="signal-ahead", kind=SignalKind.ALL_WELL, device_at=datetime(2099, 1, 1, tzinfo=UTC), visit_id=VISIT
    )
    signal(shown.services, shown.therapist, [ahead])
    at(shown, watch.start_at + timedelta(minutes=15))
    assert AlarmKind.NO_START in alarms(shown)
