"""What is sealed can be read back by the installation that sealed it, and by nobody else."""

import pytest

from dispatch.errors import Unavailable
from dispatch.store.sealing import seal, unseal

TEXT = "slipped disc L4/L5, 腰痛 👍"
SECRET = "x" * 40


def test_a_sealed_text_opens_again() -> None:
    """The same secret and id give the text back, letter by letter, an empty one too."""
    assert unseal(SECRET, seal(SECRET, TEXT, about="c1"), about="c1") == TEXT
    assert unseal(SECRET, seal(SECRET, "", about="c1"), about="c1") == ""


def test_what_is_kept_tells_nothing() -> None:
    """No word of the text is in what is kept, and the same text looks different each time."""
    one, other = seal(SECRET, TEXT, about="c1"), seal(SECRET, TEXT, about="c1")
    assert one != other
    assert "disc" not in one


@pytest.mark.parametrize(
    "spoil", [lambda s: s[:-4] + "AAA=", lambda s: s[3:], lambda _: "", lambda _: "s1.@@"], ids=range(4)
)
def test_what_was_changed_does_not_open(spoil: object) -> None:
    """A sealed text that was changed or cut is refused with a sentence, never read wrongly."""
    assert callable(spoil)
    with pytest.raises(Unavailable) as refused:
        unseal(SECRET, spoil(seal(SECRET, TEXT, about="c1")), about="c1")
    assert refused.value.code == "store.sealed"


def test_another_secret_or_id_does_not_open_it() -> None:
    """Neither another installation nor another client's row opens it."""
    sealed = seal(SECRET, TEXT, about="c1")
    for secret, about in (("y" * 40, "c1"), (SECRET, "c2")):
        with pytest.raises(Unavailable):
            unseal(secret, sealed, about=about)
