"""The therapists' colours can be read, told apart, and are the same everywhere."""

from itertools import combinations
from pathlib import Path

from web.palette import PALETTE, colour_class, colour_of, contrast, palette_css


def test_the_style_sheet_is_the_palette() -> None:
    """The classes pages use hold exactly the colours the map uses."""
    sheet = Path(__file__).parents[2] / "web" / "static" / "palette.css"
    assert sheet.read_text(encoding="utf-8") == palette_css()


def test_words_on_colours_can_be_read() -> None:
    """Text on every colour has the contrast WCAG asks of small text."""
    assert all(contrast(colour.fill, colour.on) >= 4.5 for colour in PALETTE)


def test_there_are_enough_different_colours() -> None:
    """Sixteen therapists and more have colours of their own."""
    assert len({colour.fill for colour in PALETTE}) == len(PALETTE) >= 16


def _oklab(colour: str) -> tuple[float, float, float]:
    """Give a colour in OKLab (Ottosson 2020), where distances are near to what eyes see."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
    )


def test_no_two_colours_are_alike() -> None:
    """Any two colours of the palette lie apart in OKLab by more than a just noticeable difference, several times over."""
    for one, other in combinations(PALETTE, 2):
        distance = sum((a - b) ** 2 for a, b in zip(_oklab(one.fill), _oklab(other.fill), strict=True)) ** 0.5
        assert distance > 0.06, (one, other)


def test_numbers_beyond_the_palette_begin_again() -> None:
    """Every therapist has a colour, whatever her number."""
    assert colour_of(len(PALETTE)) == PALETTE[0]
    assert colour_class(len(PALETTE) + 3) == "tc-3"
