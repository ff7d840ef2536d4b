"""`laluan token`: a token is made, listed and revoked from the terminal."""

import json
import re

from tests.cli.conftest import Run


def test_a_token_is_made_listed_and_revoked(run: Run) -> None:
    """The token alone goes to the output, the list never shows it whole, and revoking it is told."""
    assert run("db", "upgrade").exit_code == 0
    assert run("token", "list").stdout.startswith("There are no tokens")
    made = run("token", "add", "Website", "--scope", "events:read", "--scope", "bookings:read")
    text = made.stdout.strip()
    assert re.fullmatch(r"laluan_[A-Za-z0-9_-]{32}\.[0-9a-f]{16}", text)
    assert "shown this once" in made.stderr
    (row,) = json.loads(run("token", "list", "--json").stdout)
    assert (row["name"], row["scopes"], row["used_at"]) == ("Website", ["bookings:read", "events:read"], None)
    listed = run("token", "list").stdout
    assert text[-4:] in listed
    assert text not in listed
    assert run("token", "revoke", row["id"]).stdout == "The token of Website opens nothing any more.\n"
    assert "revoked" in run("token", "list").stdout


def test_a_token_that_cannot_be_is_one_sentence(run: Run) -> None:
    """An unknown scope, a name of nothing, and an id that no token has each end with exit code 2 and make nothing."""
    assert run("db", "upgrade").exit_code == 0
    for words in (("add", "Website", "--scope", "everything"), ("add", " ", "--scope", "solve"), ("revoke", "nothing")):
        refused = run("token", *words)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert refused.stderr
    assert json.loads(run("token", "list", "--json").stdout) == []
