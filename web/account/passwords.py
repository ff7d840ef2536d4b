"""Checking and hashing passwords, with the same work whether or not the account exists."""

from functools import cache

from flask_security import hash_password, verify_password

from dispatch.errors import BadInput
from web.account.people import Person

SHORTEST = 10
LONGEST = 200


def is_right(person: Person | None, password: str) -> bool:
    """Tell whether the password is the person's; a person unknown or shut out costs the same time and is never right."""
    stored = person.account.password_hash if person is not None and person.active else ""
    known = stored.startswith("$argon2")
    return verify_password(password, stored if known else _nobodys_hash()) and known


def hashed(password: str, repeated: str) -> str:
    """Give the hash to keep of a new password typed twice; `BadInput` where it is too short, too long or not the same."""
    check(password, repeated)
    return hash_password(password)


def check(password: str, repeated: str) -> None:
    """Raise `BadInput` for a new password that is too short, too long, no text, or not the same twice."""
    try:
        password.encode()
    except UnicodeEncodeError:
        # Bytes of another encoding, as a terminal or a file may hand them in.
        raise BadInput("web.password_letters", field="new_password") from None
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput("web.password_length", shortest=SHORTEST, longest=LONGEST, field="new_password")
    if password != repeated:
        raise BadInput("web.password_differs", field="repeat_password")


@cache
def _nobodys_hash() -> str:
    return hash_password("nobody has this password")
