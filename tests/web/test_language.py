"""A reader chooses the language of the pages; it stays with the account and on the device."""

import re
from datetime import date

import pytest

from dispatch.model.kinds import Role
from dispatch.work.accounts import account_by_id
from tests.web.house import House, open_house
from tests.web.test_phone import published
from tests.work.company import DAY, Office
from web.language import COOKIE, reader_language
from web.translate import show_date, translate

DAY_PAGE = f"/day/{DAY.isoformat()}"


def language_of(text: str) -> str:
    """Give the language a page says it is in."""
    found = re.search(r'<html lang="([^"]*)"', text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("ms-MY,ms;q=0.9,en;q=0.8", "ms"),
        ("zh-Hans-MY", "zh"),
        ("zh_CN", "zh"),
        ("ta-MY, zh;q=0.4", "zh"),
        ("de", "en"),
        ("", "en"),
        ("*", "en"),
        ("\u00ff;q=x,,;", "en"),
    ],
)
def test_the_browser_is_asked_first(house: House, asked: str, given: str) -> None:
    """A reader who chose nothing gets the first of her browser's languages that there is, else English."""
    page = house.stranger().get("/sign-in", headers={"Accept-Language": asked})
    assert page.status_code == 200
    assert language_of(page.text) == given


@pytest.mark.parametrize(("language", "word"), [("en", "Sign in"), ("ms", "Log masuk"), ("zh", "登录")])
def test_a_stranger_chooses_on_the_sign_in_page(house: House, language: str, word: str) -> None:
    """The sign-in page comes back in the language chosen, with where to go on kept, and so does every later page."""
    browser = house.stranger()
    answer = browser.post("/language", data={"language": language, "next": "/sign-in?next=/team"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/team")
    page = browser.get("/sign-in", headers={"Accept-Language": "ta, ms, zh, en"}).text
    assert language_of(page) == language
    assert f"<h1>{word}</h1>" in page


def test_a_choice_is_kept_with_the_account(house: House) -> None:
    """What somebody chose at one desk is her language at every other, and nobody else's."""
    house.signed_in(Role.DISPATCHER).post("/language", data={"language": "zh", "next": "/"})
    account = account_by_id(house.office.services, "dispatcher")
    assert account is not None
    assert account.language == "zh"
    elsewhere = house.signed_in(Role.DISPATCHER).get(DAY_PAGE, headers={"Accept-Language": "ms"}).text
    assert language_of(elsewhere) == "zh"
    assert "优化" in elsewhere
    assert language_of(house.signed_in(Role.OWNER).get(DAY_PAGE).text) == "en"


def test_the_account_goes_before_the_device(house: House) -> None:
    """On a shared computer the account's language is shown, and its cookie only to who chose none."""
    house.signed_in(Role.DISPATCHER).post("/language", data={"language": "ms"})
    browser = house.signed_in(Role.DISPATCHER)
    browser.set_cookie(COOKIE, "zh")
    assert language_of(browser.get(DAY_PAGE).text) == "ms"
    other = house.signed_in(Role.OWNER)
    other.set_cookie(COOKIE, "zh")
    assert language_of(other.get(DAY_PAGE).text) == "zh"


@pytest.mark.parametrize("language", ["xx", "", "en\r\nSet-Cookie: a=b", "../en", "EN"])
def test_no_other_language_is_kept(house: House, language: str) -> None:
    """A language there is not is refused with a sentence, and nothing is kept of it."""
    browser = house.signed_in(Role.DISPATCHER)
    answer = browser.post("/language", data={"language": language, "next": "/"})
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers or COOKIE not in answer.headers["Set-Cookie"]
    account = account_by_id(house.office.services, "dispatcher")
    assert account is not None
    assert account.language == ""


def test_a_forged_cookie_changes_nothing(house: House) -> None:
    """A cookie that holds no language of ours is passed over."""
    browser = house.stranger()
    browser.set_cookie(COOKIE, "../../etc")
    assert language_of(browser.get("/sign-in", headers={"Accept-Language": "ms"}).text) == "ms"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "\\\\evil.example"])
def test_choosing_a_language_sends_nobody_elsewhere(house: House, target: str) -> None:
    """Whatever page is named to go back to, it is one of ours."""
    answer = house.stranger().post("/language", data={"language": "ms", "next": target})
    assert answer.headers["Location"] == "/"


def test_the_switch_needs_the_forms_token(office: Office) -> None:
    """Another site cannot change somebody's language: without the form's token nothing happens."""
    guarded = open_house(office, csrf=True)
    assert guarded.signed_in(Role.DISPATCHER).post("/language", data={"language": "zh"}).status_code == 400
    account = account_by_id(office.services, "dispatcher")
    assert account is not None
    assert account.language == ""


def test_errors_are_in_the_readers_language(house: House) -> None:
    """An error page, its sentence and a form's errors are in the language of who made the mistake."""
    browser = house.signed_in(Role.OWNER)
    browser.post("/language", data={"language": "ms"})
    missing = browser.get("/no-such-page")
    assert missing.status_code == 404
    assert "Tiada halaman sedemikian" in missing.text
    wrong = browser.post("/accounts", data={"name": "", "email": "", "role": "owner"})
    assert "Nama belum diisi." in wrong.text


def test_what_is_kept_as_a_code_is_said_in_every_language(busy_house: House) -> None:
    """Why a booking is left out is kept as a code, so that each reader has it in her own language."""
    for language, said in (("en", "optimise the day"), ("ms", "optimumkan hari ini"), ("zh", "尚未排程")):
        browser = busy_house.signed_in(Role.DISPATCHER)
        browser.post("/language", data={"language": language})
        card = browser.get(f"/day/{DAY.isoformat()}/booking/{_a_booking(busy_house)}").text
        assert said in card


def test_dates_are_in_the_readers_language(busy_house: House) -> None:
    """The day's heading names its weekday and month in the language of the page."""
    for language, weekday in (("en", DAY.strftime("%A")), ("ms", None), ("zh", None)):
        browser = busy_house.signed_in(Role.DISPATCHER)
        browser.post("/language", data={"language": language})
        with busy_house.app.test_request_context(headers={"Accept-Language": language}):
            shown = show_date(DAY, "weekday")
        assert weekday is None or shown == weekday
        assert f'<span class="day-name">{shown}</span>' in browser.get(DAY_PAGE).text


def test_the_phone_can_be_switched(busy_house: House) -> None:
    """A therapist reads her day in the language she chose on her phone, without an account."""
    token = published(busy_house.office)
    phone = busy_house.stranger()
    for language, leave in (("ms", "Bertolak sebelum"), ("zh", "前出发"), ("en", "Leave by")):
        phone.post("/language", data={"language": language, "next": f"/p/{token}"})
        text = phone.get(f"/p/{token}").text
        assert language_of(text) == language
        assert leave in text


def test_the_phone_falls_back_on_what_the_therapist_speaks(busy_house: House) -> None:
    """A phone in a language there is not shows the day in the first of the therapist's languages that there is."""
    from dataclasses import replace

    from dispatch.work.team import change_therapist, get_therapist

    office = busy_house.office
    aina = get_therapist(office.services, office.dispatcher, "t-aina")
    change_therapist(office.services, office.dispatcher, replace(aina, languages=("ta", "ms", "en")))
    text = busy_house.stranger().get(f"/p/{published(office)}", headers={"Accept-Language": "ta"}).text
    assert language_of(text) == "ms"


def test_outside_a_request_everything_is_english() -> None:
    """What is written where nobody reads a page is English."""
    assert reader_language() == "en"
    assert translate("Sign in") == "Sign in"
    assert show_date(date(2026, 11, 25), "weekday_short") == "Wed 25 Nov 2026"


def _a_booking(house: House) -> str:
    """Give a booking of the day that no plan has placed."""
    browser = house.signed_in(Role.DISPATCHER)
    found = re.search(r'hx-get="/day/[^/]+/booking/([^/"]+)"', browser.get(DAY_PAGE).text)
    assert found
    return found[1]


def test_errors_call_fields_by_their_labels(house: House) -> None:
    """A sentence about a field names it as the form does, in the reader's language, not by its name in the code."""
    from dispatch.errors import BadInput
    from web.errors import sentence_of

    with house.app.test_request_context(headers={"Accept-Language": "ms"}):
        assert sentence_of(BadInput("text.missing", field="client.first_name")).startswith("Nama panggilan:")
        assert sentence_of(BadInput("text.missing", field="limits.work_s")).startswith("Kerja sehari:")
        assert sentence_of(BadInput("text.missing", field="nobody.knows_it")).startswith("nobody.knows it:")
