"""Writes an address the way the gazetteer writes it: small letters, full words, no unit, no invisible letters."""

import re
import unicodedata

MAX_LETTERS = 400
"""An address longer than this is a pasted conversation; what stands beyond is not read."""

# Malaysian abbreviations as people type them in chats, on invoices and on road signs.
_WORDS = {
    "ampg": "ampang",
    "apartmen": "apartment",
    "appt": "apartment",
    "apt": "apartment",
    "bdr": "bandar",
    "bndr": "bandar",
    "bgsr": "bangsar",
    "bkt": "bukit",
    "blvd": "boulevard",
    "bt": "batu",
    "center": "centre",
    "condo": "condominium",
    "condominiums": "condominium",
    "dmsara": "damansara",
    "dsara": "damansara",
    "hosp": "hospital",
    "htl": "hotel",
    "hw": "highway",
    "jl": "jalan",
    "jln": "jalan",
    "jlan": "jalan",
    "kampong": "kampung",
    "kg": "kampung",
    "kmpg": "kampung",
    "kpg": "kampung",
    "kondo": "condominium",
    "kondominium": "condominium",
    "lbh": "lebuh",
    "lg": "lorong",
    "lor": "lorong",
    "lrg": "lorong",
    "pers": "persiaran",
    "precinct": "presint",
    "psrn": "persiaran",
    "psn": "persiaran",
    "resid": "residence",
    "sg": "sungai",
    "sgi": "sungai",
    "stesen": "station",
    "stn": "station",
    "sungei": "sungai",
    "tman": "taman",
    "tmn": "taman",
    "twr": "tower",
}

_STREET = (
    r"(?:jalan|jln|jl|jlan|lorong|lrg|lor|persiaran|psrn|pers|psn|lebuh|lbh|lengkok|lingkungan|solok|tengkat|changkat)"
)
_NUMBER = r"\d{1,4}[a-z]?"

_DOOR = r"[a-z]{0,2}-?\d{1,5}[a-z]?(?:-\d{1,3}[a-z]?)*(?![\w/-])"

# What only says where inside a building or a row of houses somebody lives. Each pattern takes text away and adds nothing.
_UNITS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\S)#\S+",
        rf"(?<!\S)(?:no|unit|nombor) {_DOOR}",
        rf"(?<!\S)(?:lot|pt|ptd) (?!10(?!\S)){_DOOR}",  # Lot 10 is a mall, every other a lot
        r"(?<!\S)[a-z]{0,2}\d{0,3}[a-z]?(?:-\d{1,3}[a-z]?){1,3}(?![\w/-])",  # B-12-3, 12-03A, A3-5
        r"(?<!\S)(?:blok|blk|block|tower|twr) (?:[a-z]|\d{1,2}[a-z]?)(?!\S)",
        r"(?<!\S)(?:level|lvl|tingkat|tkt|aras|floor|flr) (?:\d{1,3}[a-z]?|g|lg|ug|m|bawah)(?!\S)",
        r"(?<!\S)(?:\d{1,3}(?:st|nd|rd|th)|ground|first|second|third) (?:floor|flr)(?!\S)",
        rf"^{_NUMBER}(?= {_STREET} )",  # 12 Jalan Telawi
    )
)
_HOUSE_NUMBER = re.compile(_NUMBER)

# The door alone, as it was written: B-12-3, 12-03A, #23-5, unit 7, room 2108.
_SAID_UNIT = re.compile(
    r"(?<![\w/-])(?:"
    r"#? ?(?P<parts>[a-z]{0,2}\d{0,3}[a-z]?(?:-\d{1,3}[a-z]?){1,3})"
    r"|(?:unit|room|rm|bilik|#)[. ]{0,2}(?P<door>[a-z]{0,2}\d{1,5}[a-z]?)"
    r")(?![\w/-])",
    re.IGNORECASE,
)

# A short form that is a word of its own elsewhere; only a number after it tells what is meant.
_SECTION = re.compile(r"(?<!\S)(?:seksyen|seksyn|section|sekyen|sect|sec|sek) (?=u?\d{1,2}[a-z]?(?!\S))")
_JOINED_SECTION = re.compile(r"(?<!\S)(ss|usj|pjs|pju|au|bu|bk) (?=\d{1,2}[a-z]?(?:/\S*)?(?!\S))")


SPOKEN_NUMBERS = {
    name: str(number)
    for number, names in enumerate(
        (
            "one satu",
            "two dua",
            "three tiga",
            "four empat",
            "five lima",
            "six enam",
            "seven tujuh",
            "eight lapan",
            "nine sembilan",
            "ten sepuluh",
            "eleven sebelas",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ),
        1,
    )
    for name in names.split()
}
_SPOKEN_SECTION = re.compile(
    rf"(?<!\S)(ss|usj|pjs|pju|au|bu|bk|seksyen|section|sect|sec|sek|presint|precinct) ({'|'.join(SPOKEN_NUMBERS)})(?!\S)"
)
# "S7 Shah Alam", "P9 Putrajaya": a letter for the section, where the town is written too.
_LETTER_SECTION = re.compile(r"(?<!\S)s ?(\d{1,2})(?=,? (?:\S+ ){0,3}shah alam)")
_LETTER_PRECINCT = re.compile(r"(?<!\S)p ?(\d{1,2})(?=,? (?:\S+ ){0,3}putrajaya)")


def clean(text: str, *, limit: int = MAX_LETTERS) -> str:
    """Give the text in one Unicode form (NFC) on one line, without control, direction or other invisible letters."""
    kept = []
    for letter in unicodedata.normalize("NFC", text[: 4 * limit]):
        category = unicodedata.category(letter)
        if category in {"Cc", "Zl", "Zp"}:
            kept.append(", " if letter in "\n\r\u2028\u2029" else " ")
        elif not category.startswith("C"):
            kept.append(" " if category == "Zs" else letter)
    return unicodedata.normalize("NFC", "".join(kept))[:limit].strip(" ,")


def unit_of(text: str) -> str:
    """Give the unit that an address names, as it was written (`B-12-3`, `2108`); nothing where it names none."""
    found = _SAID_UNIT.search(clean(text))
    return (found["parts"] or found["door"]) if found else ""


def _fold(text: str) -> str:
    """Give small letters and one kind of mark; folding is repeated until it changes nothing (it is not stable at once)."""
    while (folded := unicodedata.normalize("NFC", text.casefold())) != text:
        text = folded
    text = re.sub(r"[;|\n]", ",", text)
    text = re.sub(r"['’‘`´]", "", text)
    text = re.sub(r"\bno\.? ?(?=\d)", "no ", text)
    text = re.sub(r"(?<!\d)\.|\.(?!\d)", " ", text)
    text = re.sub(r"[^\w\s,/#&@.-]|_", " ", text)
    return re.sub(r" ?/ ?", "/", " ".join(text.split()))


def _part(text: str) -> str:
    """Give one part between commas without its unit and with its abbreviations written out."""
    for unit in _UNITS:
        text = unit.sub(" ", " ".join(text.split()))
    text = " ".join(_WORDS.get(word, word) for word in (word.strip("-.") for word in text.split()) if word)
    text = _SPOKEN_SECTION.sub(lambda match: f"{match[1]} {SPOKEN_NUMBERS[match[2]]}", text)
    text = _SECTION.sub("seksyen ", text)
    return _JOINED_SECTION.sub(r"\1", text)


def normalise(text: str) -> str:
    """Give an address in the gazetteer's spelling: parts between commas, doing it twice changes nothing.

    Units, lots, levels and house numbers are left out, `Jln Telawi` becomes `jalan telawi`, `SS 2/24` becomes `ss2/24`,
    `Sek. 7` becomes `seksyen 7`. The result may be empty; it never raises.
    """
    text = clean(text)
    while True:
        folded = _fold(text)
        parts = [part for part in (_part(part) for part in folded.split(",")) if part]
        # A number alone between commas is a house's; alone in the whole text it may be a name (1U is a mall).
        if any(not _HOUSE_NUMBER.fullmatch(part) for part in parts):
            parts = [part for part in parts if not _HOUSE_NUMBER.fullmatch(part)]
        result = _LETTER_PRECINCT.sub(r"presint \1", _LETTER_SECTION.sub(r"seksyen \1", ", ".join(parts)))
        if result == text:
            return result
        text = result
