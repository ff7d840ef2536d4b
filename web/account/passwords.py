"""Checking and hashing passwords, with the same work whether or not the account exists."""

from functools import cache
from typing import cast

from flask_security import hash_password, verify_password

from dispatch.errors import BadInput
from web.account.people import Person

SHORTEST = 10
LONGEST = 200


def is_right(person: Person | None, password: str) -> bool:
    """Tell whether the password is the person's; a person unknown or shut out costs the same time and is never right."""
    known = person is not None and person.active and person.password.startswith("$argon2")
    stored = person.password if person is not None and known else _nobodys_hash()
    return cast(bool, verify_password(password, stored)) and known


def hashed(password: str, repeated: str) -> str:
    """Give the hash to keep of a new password typed twice; `BadInput` where it is too short, too long or not the same."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput("web.password_length", shortest=SHORTEST, longest=LONGEST, field="new_password")
    if password != repeated:
        raise BadInput("web.password_differs", field="repeat_password")
    return cast(str, hash_password(password))


@cache
def _nobodys_hash() -> str:
    return cast(str, hash_password("nobody has this password"))
