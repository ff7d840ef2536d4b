"""Addresses are written in one way, whatever was typed."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dispatch.intake.gazetteer import shipped
from dispatch.intake.normalise import clean, normalise, unit_of

TEXT = st.text(max_size=60) | st.text(alphabet="jlntmkgbseu 0123456789/-,.#'\n", max_size=40)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Jln. Telawi 3", "jalan telawi 3"),
        ("TMN TUN DR ISMAIL", "taman tun dr ismail"),
        ("Kg. Baru", "kampung baru"),
        ("Bkt Jalil", "bukit jalil"),
        ("Lrg Maarof", "lorong maarof"),
        ("Sek. 7, Shah Alam", "seksyen 7, shah alam"),
        ("Section U13", "seksyen u13"),
        ("Precinct 9", "presint 9"),
        ("SS 2/24", "ss2/24"),
        ("PJU 1A / 20", "pju1a/20"),
        ("usj 9", "usj9"),
        ("B-12-3, Verve Suites", "verve suites"),
        ("A-3A-12 Kiaramas", "kiaramas"),
        ("No 5, Jalan Desa", "jalan desa"),
        ("No.5A Jalan Desa", "jalan desa"),
        ("12 Jalan Desa", "jalan desa"),
        ("Lot 12, Jalan Desa", "jalan desa"),
        ("Lot 10, Bukit Bintang", "lot 10, bukit bintang"),
        ("Level 3, Menara Maybank", "menara maybank"),
        ("Tingkat 5, Blok C, Palm Court", "palm court"),
        ("#12-03 Arcoris", "arcoris"),
        ("Unit 8, 3rd floor, Arcoris", "arcoris"),
        ("3 Towers", "3 towers"),
        ("1 Utama", "1 utama"),
        ("i-City", "i-city"),
        ("Lotus's Mutiara", "lotuss mutiara"),
        ("Arcoris\nMont Kiara", "arcoris, mont kiara"),
        ("  \u202eTTDI\u202c\x00 ", "ttdi"),
        ("满家乐", "满家乐"),
        ("", ""),
        ("Section Fourteen PJ", "seksyen 14 pj"),
        ("s7 shah alam", "seksyen 7 shah alam"),
    ],
)
def test_normal_form(written: str, normal: str) -> None:
    """Abbreviations are written out, units left out, and sections written in one way."""
    assert normalise(written) == normal


@settings(deadline=None, max_examples=300)
@given(TEXT)
@example("no no 5 5")
@example("1, 2, b-3-4")
@example("ŉ ΐ İ ﬃ")
@example("ss 2 /24 sek 7 sek 8")
@example("12 12 jalan jalan")
def test_normalising_twice_changes_nothing(text: str) -> None:
    """The normal form of any text is its own normal form, and never longer than a screen."""
    normal = normalise(text)
    assert normalise(normal) == normal


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=80))
def test_cleaned_text_holds_nothing_invisible(text: str) -> None:
    """No control, direction or unassigned letter survives, the form is NFC, and cleaning is done after one time."""
    cleaned = clean(text)
    assert all(not unicodedata.category(letter).startswith("C") for letter in cleaned)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(cleaned) == cleaned


@settings(deadline=None, max_examples=100)
@given(TEXT)
def test_search_never_fails(text: str) -> None:
    """Whatever is typed, the search answers with places in falling order of points and no more than were asked for."""
    matches = shipped().search(text, limit=4)
    assert len(matches) <= 4
    scores = [match.score for match in matches]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("condo Mont Kiara, B-12-3", "B-12-3"),
        ("Kiara 1888,12-03A", "12-03A"),
        ("Arcoris #23-5", "23-5"),
        ("Blok C-7-2, Palm Court Brickfields", "C-7-2"),
        ("Hilton KL Sentral rm 2108", "2108"),
        ("unit 7 Endah Ria", "7"),
        ("i-City", ""),
        ("SS 2/24", ""),
        ("Jalan Telawi 3, 59100", ""),
        ("3.1577, 101.7120", ""),
        ("", ""),
    ],
)
def test_unit_said_in_an_address_is_found(written: str, unit: str) -> None:
    """The door a client writes into the address is found as it was written, and nothing else is taken for one."""
    assert unit_of(written) == unit
