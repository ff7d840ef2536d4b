"""What is kept of things worked out before: the right value for its key, and not too many of them."""

from collections.abc import Callable

from dispatch.work.keeping import Remembered


def making(name: str, made: list[str]) -> Callable[[], str]:
    """Give what makes a value, noting that it did."""

    def make() -> str:
        made.append(name)
        return name.upper()

    return make


def test_a_value_is_made_once() -> None:
    """What is asked for again is not made again, and every key has its own."""
    made: list[str] = []
    kept: Remembered[str] = Remembered(4)
    assert [kept.get(name, making(name, made)) for name in ("a", "b", "a")] == ["A", "B", "A"]
    assert made == ["a", "b"]


def test_the_longest_unasked_goes_first() -> None:
    """Of more than fit, those asked for last stay."""
    made: list[str] = []
    kept: Remembered[str] = Remembered(2)
    for name in ("a", "b", "a", "c", "a", "b"):
        assert kept.get(name, making(name, made)) == name.upper()
    assert made == ["a", "b", "c", "b"]
