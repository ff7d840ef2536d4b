"""Knows the towns and states of Malaysia far from the Klang Valley, so that no place here is guessed for them."""

import re

from dispatch.intake.normalise import normalise

# States and towns too far for any visit, in the spelling of `normalise`. Names that a part of the valley or a town at
# its edge bears as well (Seremban, Nilai, Bentong, Genting) are left out: for those a place may be meant.
_FAR = frozenset(
    name.strip()
    for name in [
        "\n    alor gajah",
        " alor setar",
        " alor star",
        " batu pahat",
        " bayan lepas",
        " bukit mertajam",
        " butterworth",
        " cameron highlands",
        " george town",
        "\n    georgetown",
        " gurun",
        " ipoh",
        " iskandar puteri",
        " johor",
        " johor bahru",
        " johor bharu",
        " kangar",
        " kedah",
        " kelantan",
        " kluang",
        "\n    kota bharu",
        " kota kinabalu",
        " kota tinggi",
        " kuala perlis",
        " kuala terengganu",
        " kuantan",
        " kuching",
        " kulai",
        " labuan",
        " langkawi",
        "\n    malacca",
        " melaka",
        " mersing",
        " miri",
        " muar",
        " pasir gudang",
        " penang",
        " perak",
        " perlis",
        " pontian",
        " pulau pinang",
        " sabah",
        " sandakan",
        "\n    sarawak",
        " sibu",
        " singapore",
        " singapura",
        " sitiawan",
        " skudai",
        " sungai petani",
        " taiping",
        " tawau",
        " teluk intan",
        " terengganu\n    ",
    ]
)
_MOST_WORDS = max(len(name.split()) for name in _FAR)
_SAYS_NOTHING = re.compile(r"\d{5}|malaysia")


def is_outside(text: str) -> bool:
    """Tell whether a part of an address between commas is nothing but towns and states far from the Klang Valley.

    A street called after one of them, such as Jalan Ipoh, is none.
    """
    return any(_is_far(part.split()) for part in normalise(text).split(","))


def _is_far(words: list[str]) -> bool:
    words = [word for word in words if not _SAYS_NOTHING.fullmatch(word)]
    if not words:
        return False
    while words:
        for length in range(_MOST_WORDS, 0, -1):
            if " ".join(words[:length]) in _FAR:
                words = words[length:]
                break
        else:
            return False
    return True
