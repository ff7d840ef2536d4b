"""Kill -9 in the midst of the watch, and a phone that stays silent: every step is taken, and none of them twice."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

from dispatch.model.safety import Alarm, LineKind
from tests.faults.test_killed import integrity, process
from tests.work.company import found_company, open_office, take_bookings
from tests.work.plans import keep_and_publish
from tests.work.test_safety import VISIT, watches


def test_every_step_is_taken_once_over_kills(tmp_path: Path) -> None:
    """The watch dies before and after each of its commits; the whole ladder is climbed, each person told of each step once."""
    folder = tmp_path / "data"
    folder.mkdir()
    office = open_office(folder / "laluan.sqlite3")
    found_company(office)
    take_bookings(office)
    keep_and_publish(office)
    due = watches(office)[VISIT].start_at + timedelta(minutes=15)
    for minute in (0, 5, 15):
        moment = (due + timedelta(minutes=minute)).isoformat()
        for deadly in ("during", "after", "never"):
            with process("watchman.py", str(folder), moment, deadly) as started:
                assert started.wait() == (0 if deadly == "never" else -9)
    with office.services.store.reading() as tx:
        (alarm,) = (one for one in tx.list(Alarm, "main") if one.visit_id == VISIT)
        messages = tx.outgoing_about("main", [alarm.id])
    told = Counter((line.whom, line.who_id, line.by_way) for line in alarm.lines if line.what is LineKind.TOLD)
    assert set(told.values()) == {1}
    assert [line.what for line in alarm.lines].count(LineKind.RAISED) == 1
    assert [one.to for one in messages] == ["dispatcher@test.example", "owner@test.example"]
    office.services.store.close()
    assert integrity(folder / "laluan.sqlite3") == "ok"
