"""What outside services answered is kept as long as it was told to be, and not longer."""

from datetime import timedelta

from dispatch.store import Store
from tests.store.samples import NOW


def test_an_answer_is_kept_until_its_time(store: Store) -> None:
    """An answer is there until the moment it was kept for, and a later answer takes its place."""
    with store.writing() as tx:
        assert tx.answer("where?", NOW) is None
        tx.keep_answer("where?", "here", until=NOW)
        assert tx.answer("where?", NOW - timedelta(seconds=1)) == "here"
        assert tx.answer("where?", NOW) is None
        tx.keep_answer("where?", "there 那里", until=NOW + timedelta(days=1))
        assert tx.answer("where?", NOW) == "there 那里"
        assert tx.answer("who?", NOW) is None
