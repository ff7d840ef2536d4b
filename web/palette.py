"""The therapists' colours: the same on the timeline, the map and the phone, told apart by colour-blind eyes as well.

Twenty fills, chosen by a search that keeps the smallest distance between any two as large as it can in OKLab, seen
with normal, deuteranope, protanope and tritanope eyes (Machado, Oliveira and Fernandes 2009). Colour is never the only
sign: rows carry names, chips carry initials, visits carry numbers.
"""

from dataclasses import dataclass

INK = "#10171a"
PAPER = "#ffffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """A fill, and the text colour that stands on it with a contrast of at least 4.5."""

    fill: str
    on: str


def _luminance(colour: str) -> float:
    """Give the relative luminance of WCAG 2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours after WCAG 2, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


_FILLS = (
    "#157459", "#e37636", "#6d5bc2", "#3fb2e5", "#b53e5d", "#956211", "#8ed46b", "#892c78", "#4791d4", "#e7b726",
    "#115d18", "#c592b8", "#9c2815", "#14d3f7", "#6c3a9d", "#be6e52", "#9db393", "#7e82ad", "#cdb4d2", "#a27a7c",
)  # fmt: skip

PALETTE: tuple[Colour, ...] = tuple(
    Colour(fill=fill, on=PAPER if contrast(fill, PAPER) >= 4.5 else INK) for fill in _FILLS
)


def colour_of(number: int) -> Colour:
    """Give the colour of a therapist's `colour` number; numbers beyond the palette begin again."""
    return PALETTE[number % len(PALETTE)]


def colour_class(number: int) -> str:
    """Give the CSS class that sets `--tc` and `--tc-on` to a therapist's colour."""
    return f"tc-{number % len(PALETTE)}"


def palette_css() -> str:
    """Give the style sheet of the classes, as `static/palette.css` holds it."""
    lines = ["/* Made from web/palette.py by `python -m web.palette`; a test compares the two. */", "@layer parts {"]
    lines += [f"  .tc-{i} {{ --tc: {c.fill}; --tc-on: {c.on}; }}" for i, c in enumerate(PALETTE)]
    return "\n".join([*lines, "}", ""])


if __name__ == "__main__":
    import sys

    sys.stdout.write(palette_css())
