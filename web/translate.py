"""The labels of the pages in the reader's language; English is the source, so its catalogue gives back what it got.

Plain labels stand in the templates inside `_()`; sentences that carry values have a code in `data/words` instead.
"""

from collections.abc import Mapping

CATALOGUES: Mapping[str, Mapping[str, str]] = {"en": {}}
"""Labels by language: the English label to the translated one; what a catalogue lacks stays English."""


def translate(label: str, language: str = "en") -> str:
    """Give a label in a language."""
    return CATALOGUES.get(language, {}).get(label, label)
