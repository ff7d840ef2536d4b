"""What the core says: a code with named values; `dispatch.words` writes the sentence at the edge."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing said by the core; `values` are (name, value) pairs in the order of their names."""

    code: str
    values: tuple[tuple[str, str | int], ...] = ()

    def named(self) -> dict[str, str | int]:
        """Give the values by name, for `words.sentence`."""
        return dict(self.values)


def said(code: str, **values: str | int) -> Said:
    """Say something: a code of `data/words` with the values its sentence names."""
    return Said(code=code, values=tuple(sorted(values.items())))
