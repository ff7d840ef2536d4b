"""Errors a person can act on: each carries a code and named values, which `dispatch.words` turns into a sentence."""

from collections.abc import Mapping


class LaluanError(Exception):
    """An error whose code and values become one sentence in the reader's language at the edge."""

    def __init__(self, code: str, **values: str | int) -> None:
        """Keep the code (a key of `data/words`) and the values its sentence names."""
        super().__init__(code, values)
        self.code = code
        self.values: Mapping[str, str | int] = values

    def __str__(self) -> str:
        """Give the code and values, for logs; people are shown `words.sentence` instead."""
        named = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.code}({named})"


class BadInput(LaluanError):
    """Something handed in cannot be right; nothing of it was kept."""


class NotFound(LaluanError):
    """The thing named does not exist, or not for this person."""


class Conflict(LaluanError):
    """Somebody else changed the same thing first, or the state forbids the step; nothing was changed."""


class Forbidden(LaluanError):
    """This person may not do that."""


class Unavailable(LaluanError):
    """An outside service or a resource did not answer; the same call may work later."""


class Several(LaluanError):
    """Several errors of one input, kept together so that a person can mend them all at once."""

    def __init__(self, errors: tuple[LaluanError, ...]) -> None:
        """Keep the errors in the order they were found."""
        super().__init__("errors.several", count=len(errors))
        self.errors = errors
