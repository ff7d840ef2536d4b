"""An index over names that forgives spelling, word order and words run together."""

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from dispatch.intake.normalise import normalise

# Two spellings of one word; both the names and the question are written with the right-hand one.
_SPELLING = {
    "datuk": "dato",
    "datok": "dato",
    "hulu": "ulu",
    "kelang": "klang",
    "mount": "mont",
    "residences": "residence",
    "residensi": "residence",
    "residency": "residence",
    "seri": "sri",
    "towers": "tower",
}
_LONG = {"kl": ("kuala", "lumpur"), "pj": ("petaling", "jaya"), "bb": ("bukit", "bintang")}

# Words that say what kind of place it is, not which; they weigh little in a name and in a question.
_KINDS = """
apartment area building centre city complex condominium flat hospital hotel house jalan kompleks ktm lrt mall monorail mrt
near pangsapuri plaza residence resort road service shopping station street suites taman the tower villa
"""
KIND_WORDS = frozenset(_KINDS.split())
_KIND_WEIGHT = 0.35

# 17/13, U1/24, SS2/24: the number before the stroke is the section. The streets of old Kuala Lumpur (3/149E) are not so.
_STROKE = re.compile(r"((?:ss|usj|pjs|pju|au|bu|bk)?)(u?\d{1,2}[a-z]?)/(?:\d{1,2}[a-z]{0,2}|(?<=51a/)\d{3}[a-z]?)?")
# Low numbers with a letter or a high number behind the stroke are streets of Kuala Lumpur (1/12B, 3/56), not of a section.
_OLD_STREET = re.compile(r"[1-4]/(?:\d{1,2}[a-z]{1,2}|(?:2[6-9]|[3-9]\d))")
_LETTERED = re.compile(r"((?:ss|usj|pjs|pju|au|bu|bk|seksyen|presint)u?\d{1,2})[a-z]")
_POSTCODE = re.compile(r"(?<![\d/-])(\d{5})(?![\d/-])")

_COMMA_GAP = 5
"""Places in the row of words skipped at a comma, so that a name is not read across it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The words of a text with their places in it, the postcode if there is one, and the kinds of place it names."""

    words: tuple[tuple[int, str], ...]
    postcode: str
    kind_words: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """How well a place fits: the shares of its name, of the question and of its area's name that were met, 0 to 1.

    `places` are the places in the question of the words that met the name that fits best.
    """

    name_cover: float
    question_cover: float
    area_cover: float
    places: frozenset[int]

    def rank(self) -> tuple[float, int]:
        """Order the names of one thing: the better fit, then the one that explains more words."""
        return round(self.name_cover + self.question_cover, 9), len(self.places)


@dataclass(slots=True)
class _Met:
    """Which words of one name were met, how well, and where in the question."""

    words: dict[int, tuple[float, int, str]] = field(default_factory=dict)

    def add(self, position: int, likeness: float, place: int, asked: str) -> None:
        if position not in self.words or likeness > self.words[position][0]:
            self.words[position] = (likeness, place, asked)


@dataclass(frozen=True, slots=True)
class _Name:
    """One name of one place, in words."""

    owner: int
    words: tuple[str, ...]
    weight: float


def _split(text: str) -> list[list[str]]:
    """Give the words of each part between commas, in one spelling."""
    return _split_normal(normalise(text))


def _split_normal(normal: str) -> list[list[str]]:
    parts = []
    for part in normal.split(","):
        words: list[str] = []
        for raw in part.split():
            word = _SPELLING.get(raw, raw)
            if words and words[-1] in {"seksyen", "presint"} and re.fullmatch(r"u?\d{1,2}[a-z]?", word):
                words[-1] += word
            elif _OLD_STREET.fullmatch(word):
                words.append(word)
            elif stroke := _STROKE.fullmatch(word):
                words.append((stroke[1] or "seksyen") + stroke[2])
            else:
                words.extend(_LONG.get(word, (word,)))
        if words:
            parts.append(words)
    return parts


def without_letter(word: str) -> str:
    """Give the section that a part of it belongs to: SS22A lies in SS22; anything else as it is."""
    lettered = _LETTERED.fullmatch(word)
    return lettered[1] if lettered else word


def words_of(text: str) -> tuple[str, ...]:
    """Give the words of a name or an address in the one spelling the index keeps."""
    return _joined(_split(text))


def _joined(parts: list[list[str]]) -> tuple[str, ...]:
    return tuple(word for part in parts for word in part)


class Index:
    """Finds which of many named things a text speaks of."""

    __slots__ = ("_areas", "_holders", "_names", "_vocabulary", "_weights")

    def __init__(self, names: Sequence[Sequence[str]], areas: Sequence[str]) -> None:
        """Index the names (each thing may have several) and the area of every thing."""
        normal = [[normalise(name) for name in own] for own in names]
        spelled = [[words for name in own if (words := _joined(_split_normal(name)))] for own in normal]
        counts: defaultdict[str, int] = defaultdict(int)
        for own in spelled:
            for word in {word for words in own for word in words}:
                counts[word] += 1
        total = len(spelled) + 1
        # A word in many names tells little (inverse document frequency), a kind word next to nothing.
        self._weights = {
            word: max(0.2, math.log(total / count) / math.log(total)) * (_KIND_WEIGHT if word in KIND_WORDS else 1.0)
            for word, count in counts.items()
        }
        self._names: list[_Name] = []
        self._holders: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for owner, own in enumerate(spelled):
            unique = set(own)
            for name in normal[owner]:
                plain = name.replace(",", " ").split()
                if 1 < len(plain) < 5 and len("".join(plain)) > 5:
                    unique.add(("".join(plain),))  # people write montkiara and klsentral
            for words in sorted(unique):
                self._add(owner, words)
        self._areas = [words_of(area) for area in areas]
        self._vocabulary = sorted(self._holders)

    def _add(self, owner: int, words: tuple[str, ...]) -> None:
        for word in words:
            self._weights.setdefault(word, 1.0)
        name = _Name(owner, words, sum(self._weights[word] for word in words))
        for position, word in enumerate(words):
            self._holders[word].append((len(self._names), position))
        self._names.append(name)

    def question(self, text: str) -> Question:
        """Read a text: its words in one spelling, its postcode and its words for kinds of place."""
        spelled: list[tuple[int, str]] = []
        place = 0
        postcode = ""
        for part in _split(text):
            for word in part:
                if _POSTCODE.fullmatch(word):
                    postcode = word
                    continue
                spelled.append((place, word))
                place += 1
            place += _COMMA_GAP
        kinds = frozenset(word for _, word in spelled if word in KIND_WORDS)
        return Question(words=tuple(spelled), postcode=postcode, kind_words=kinds)

    def hits(self, question: Question) -> dict[int, Hit]:
        """Give, for every thing with a word of the question in one of its names, how well its best name fits."""
        met: defaultdict[int, _Met] = defaultdict(_Met)
        for place, word, likenesses in self._likenesses(question):
            for known, likeness in likenesses:
                for holder, position in self._holders[known]:
                    met[holder].add(position, likeness, place, word)
        asked = {word for _, word in question.words}
        whole = sum(self._asked_weight(word) for word in asked) or 1.0
        best: dict[int, Hit] = {}
        for number, found in met.items():
            name = self._names[number]
            fit = sum(self._weights[name.words[position]] * like for position, (like, _, _) in found.words.items())
            cover = fit / name.weight * _order_factor(found, len(name.words))
            covered = {part for _, _, word in found.words.values() for part in word.split("+")}
            covered |= asked & set(
                self._areas[name.owner]
            )  # the area written beside a building speaks for the building
            share = min(1.0, sum(self._asked_weight(word) for word in covered) / whole)
            hit = Hit(
                name_cover=cover,
                question_cover=share * cover,
                area_cover=self._area_cover(name.owner, asked),
                places=frozenset(place for _, place, _ in found.words.values()),
            )
            old = best.get(name.owner)
            if old is None or hit.rank() > old.rank():
                best[name.owner] = hit
        return best

    def _asked_weight(self, word: str) -> float:
        """Weigh a word of the question; one that stands in no name may be a street or a person, so it counts half."""
        return self._weights.get(word, 0.5)

    def _area_cover(self, owner: int, asked: set[str]) -> float:
        words = self._areas[owner]
        if not words:
            return 0.0
        weight = sum(self._asked_weight(word) for word in words)
        return sum(self._asked_weight(word) for word in words if word in asked) / weight

    def _likenesses(self, question: Question) -> list[tuple[int, str, list[tuple[str, float]]]]:
        """Give the known words each word of the question may stand for, and neighbours run together."""
        answers = []
        last = question.words[-1][0] if question.words else -1
        for number, (place, word) in enumerate(question.words):
            answers.append((place, word, self._alike(word, last=place == last)))
            if number and question.words[number - 1][0] == place - 1:
                before = question.words[number - 1][1]
                if before + word in self._holders:
                    answers.append((place - 1, f"{before}+{word}", [(before + word, 1.0)]))
        return answers

    def _alike(self, word: str, *, last: bool) -> list[tuple[str, float]]:
        """Give the known words a word may stand for: itself, a likely misspelling, or the start of the last one."""
        if word in self._holders:
            return [(word, 1.0), *(self._begun(word) if last and len(word) > 2 else ())]
        if (lettered := _LETTERED.fullmatch(word)) and lettered[1] in self._holders:
            return [(lettered[1], 0.97)]  # SS22A is in SS22
        if len(word) < 4 or any(letter.isdigit() for letter in word):
            # Two letters off in four is another word, and SS2 is not SS3; but the last word may still be being typed, and
            # one of four letters may have lost its last ("Kot Damansara").
            if len(word) != 3 or not word.isalpha():
                return []
            return self._begun(word) if last else [one for one in self._begun(word) if len(one[0]) == 4]
        from rapidfuzz import fuzz, process

        found = process.extract(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=80, limit=12)
        alike = [(known, (score / 100) ** 0.5) for known, score, _ in found if not any(c.isdigit() for c in known)]
        return alike or (self._begun(word) if last else [])

    def _begun(self, word: str) -> list[tuple[str, float]]:
        return [(known, 0.88) for known in self._vocabulary if known != word and known.startswith(word)]


def _order_factor(found: _Met, length: int) -> float:
    """Lower a fit whose words stand apart or in another order in the question."""
    places = [found.words[position][1] for position in sorted(found.words)]
    steps = [after - before for before, after in pairwise(places)]
    if all(step == 1 for step in steps):
        return 1.0
    if all(1 <= step <= 2 for step in steps):
        return 0.9
    if max(places) - min(places) < length:
        return 0.95  # "Wangsa Maju Seksyen 2": together, only turned round
    return 0.85 if max(places) - min(places) < _COMMA_GAP else 0.8
