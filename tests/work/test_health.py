"""What is kept of clients' health: only with consent, sealed, every reading noted, gone when the consent is."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dispatch.errors import BadInput, Conflict, LaluanError, Unavailable
from dispatch.model.health import Feeling, Health, HealthRecord
from dispatch.model.people import Client
from dispatch.work.clients import add_client, change_client, client_page
from dispatch.work.health import (
    give_consent,
    keep_health,
    note_feeling,
    open_health,
    seal_carried_over,
    withdraw_consent,
)
from tests.work.company import DAY, Office
from tests.work.past import live_three_days

BACK = Health(complaints=("back",), contraindications=("fever",), note="slipped disc")


def agreed(office: Office, client_id: str = "c-lim") -> Client:
    """Let a client agree."""
    return give_consent(office.services, office.taker, client_id, version=1, language="ms")


def test_without_consent_nothing_is_kept(busy: Office) -> None:
    """No way in keeps health details or pain of a client who has not agreed: not hers, not a new client's, not a visit's."""
    services, taker = busy.services, busy.taker
    tries = (
        lambda: keep_health(services, taker, "c-lim", BACK, version=0),
        lambda: add_client(services, taker, Client(id="c-new", branch_id="", name="New", first_name=""), health=BACK),
        lambda: note_feeling(services, taker, "b1", Feeling(pain=4), version=0),
    )
    for attempt in tries:
        with pytest.raises(BadInput) as refused:
            attempt()
        assert refused.value.code == "health.no_consent"
    assert open_health(services, taker, "c-lim").version == 0


def test_what_is_kept_is_sealed_and_comes_back(busy: Office, tmp_path: Path) -> None:
    """What was kept is read back by those who may; no file of the database holds a word of it."""
    services, taker = busy.services, busy.taker
    consent = agreed(busy).consent
    assert consent is not None
    assert (consent.language, consent.recorded_by, consent.given_at) == ("ms", "taker", services.now())
    keep_health(services, taker, "c-lim", BACK, version=0)
    note_feeling(services, taker, "b1", Feeling(pain=8, note="pain under the shoulder"), version=0)
    shown = open_health(services, taker, "c-lim")
    assert shown.health == BACK
    assert [one.feeling for one in shown.visits] == [Feeling(pain=8, note="pain under the shoulder")]
    with closing(sqlite3.connect(tmp_path / "laluan.sqlite3")) as raw:
        dump = "\n".join(raw.iterdump())
    assert "slipped" not in dump
    assert "shoulder" not in dump
    other = replace(services, secret="another secret of another house")
    with pytest.raises(Unavailable):
        open_health(other, taker, "c-lim")


def test_every_reading_is_noted(busy: Office) -> None:
    """Whoever opens what is kept of a client leaves a row with her name and the client's id."""
    open_health(busy.services, busy.taker, "c-lim")
    with busy.services.store.reading() as tx:
        (row,) = tx.audit("main", limit=1)
    assert (row.code, row.actor, row.subject_ids) == ("health.read", "taker", ("c-lim",))


def test_taking_the_consent_back_erases_all(busy: Office) -> None:
    """With the consent everything kept of her health goes, at once; taking it back twice changes nothing more."""
    services, taker = busy.services, busy.taker
    version = agreed(busy).version
    keep_health(services, taker, "c-lim", BACK, version=0)
    note_feeling(services, taker, "b1", Feeling(pain=8), version=0)
    gone = withdraw_consent(services, taker, "c-lim", version=version)
    assert gone.consent is not None
    assert (gone.consent.withdrawn_at, gone.consent.withdrawn_by) == (services.now(), "taker")
    assert withdraw_consent(services, taker, "c-lim", version=version) == gone
    shown = open_health(services, taker, "c-lim")
    assert (shown.version, shown.health, {one.feeling for one in shown.visits}) == (0, Health(), {None})
    again = give_consent(services, taker, "c-lim", version=gone.version, language="zh")
    assert again.past_consents == (gone.consent,)


def test_a_change_of_the_client_leaves_her_consent(busy: Office) -> None:
    """Saving the client's form neither gives nor takes a consent, whatever it says."""
    client = agreed(busy)
    assert change_client(busy.services, busy.taker, replace(client, consent=None, note="x")).consent == client.consent


def test_the_later_of_two_is_refused(busy: Office) -> None:
    """Details, pain and consent written for an older state are refused; what is kept stays."""
    services, taker = busy.services, busy.taker
    agreed(busy)
    keep_health(services, taker, "c-lim", BACK, version=0)
    note_feeling(services, taker, "b1", Feeling(pain=8), version=0)
    for attempt in (
        lambda: keep_health(services, taker, "c-lim", Health(), version=0),
        lambda: note_feeling(services, taker, "b1", Feeling(pain=1), version=0),
        lambda: withdraw_consent(services, taker, "c-lim", version=1),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert refused.value.code == "store.changed_meanwhile"
    assert open_health(services, taker, "c-lim").health == BACK


@pytest.mark.parametrize(
    ("feeling", "code"),
    [(Feeling(pain=11), "number.out_of_range"), (Feeling(pain=-1), "number.out_of_range")],
    ids=["above", "below"],
)
def test_pain_is_a_number_from_nought_to_ten(busy: Office, feeling: Feeling, code: str) -> None:
    """Pain outside 0 to 10 is refused with the range."""
    agreed(busy)
    with pytest.raises(LaluanError) as refused:
        note_feeling(busy.services, busy.taker, "b1", feeling, version=0)
    assert refused.value.code == code


def test_what_an_older_release_kept_open_is_sealed(busy: Office) -> None:
    """A record carried over from before health was sealed can be read, and is sealed at the next start."""
    agreed(busy)
    with busy.services.store.writing() as tx:
        open_text = json.dumps({"complaints": ["back"], "contraindications": [], "note": ""})
        tx.insert(HealthRecord(id="c-lim", branch_id="main", sealed=f"open:{open_text}"))
    assert open_health(busy.services, busy.taker, "c-lim").health.complaints == ("back",)
    assert seal_carried_over(busy.services) == 1
    assert seal_carried_over(busy.services) == 0
    with busy.services.store.reading() as tx:
        assert "back" not in tx.get(HealthRecord, "c-lim").sealed
    assert open_health(busy.services, busy.taker, "c-lim").health.complaints == ("back",)


def test_a_client_page_names_who_treated_her_last(busy: Office) -> None:
    """The page of a client with no past visit names nobody; after one it names who made it, and when."""
    page = client_page(busy.services, busy.taker, "c-lim")
    assert (page.last_therapist, page.last_day) == (None, None)
    live_three_days(busy)
    page = client_page(busy.services, busy.taker, "c-lim")
    assert page.last_therapist is not None
    assert (page.last_therapist.id, page.last_day) == ("t-aina", DAY)
