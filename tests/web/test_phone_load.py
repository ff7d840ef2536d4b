"""What a phone loads first is small, has the map in it, and keeps the clock of a page that is read hours later."""

import re
from datetime import timedelta

from tests.web.house import House
from tests.web.test_phone import page, published
from tests.work.company import DAY

FIRST_LOAD_LIMIT = 200_000
ASKS = {"Accept-Encoding": "gzip"}


def test_the_first_load_stays_under_200_kb(busy_house: House) -> None:
    """The day with its map, every file it names, and the two pages kept beside it come to less than 200 kB as sent."""
    token = published(busy_house.office)
    phone = busy_house.stranger()
    text = page(busy_house, f"/p/{token}")
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+|/p/[^"]+\.webmanifest)"', text))
    assert any("phone-outbox.js" in file for file in files)
    assert not any("vendor" in file for file in files), "the phone draws its map itself"
    beside = {f"/p/{token}", f"/p/{token}/week", f"/p/{token}?day={DAY + timedelta(days=1)}"}
    beside |= {"/p/worker.js", f"/api/v1/phone/{token}/news"}
    sizes = {}
    for path in files | beside:
        answer = phone.get(path.replace("&amp;", "&"), headers=ASKS, buffered=True)
        assert answer.status_code == 200, path
        sizes[path] = len(answer.data) + len(str(answer.headers))
    assert sum(sizes.values()) < FIRST_LOAD_LIMIT, sizes


def test_the_map_is_part_of_the_page(busy_house: House) -> None:
    """The way is drawn on the server with a number for each visit, so no script and no second request make it."""
    text = page(busy_house, f"/p/{published(busy_house.office)}")
    drawn = text[text.index('<svg class="strip') : text.index("</svg>", text.index('<svg class="strip'))]
    numbers = re.findall(r'<g class="strip-stop[^"]*">.*?>(\d+)</text>', drawn)
    assert numbers == [str(number) for number in range(1, text.count("data-stop=") + 1)]
    assert "strip-way" in drawn
    assert all(0 <= float(x) <= 360 for x in re.findall(r'<circle cx="([\d.-]+)"', drawn))


def test_the_way_in_stands_before_the_address(busy_house: House) -> None:
    """Gate, unit, parking and the sentence for the guard come first, then the building; the sentence names no treatment."""
    text = page(busy_house, f"/p/{published(busy_house.office)}")
    card = text[text.index('class="phone-next"') : text.index("</section>\n<p class", text.index('class="phone-next"'))]
    assert card.index("Register with the guard") < card.index("Unit")
    assert "phone-where" not in card
    said = re.search(r'class="phone-guard-say"><bdi>([^<]+)<', card)
    assert said
    assert said[1].startswith("Selamat sejahtera. Saya Aina, ada temu janji dengan ")
    assert "Relax" not in said[1]
    assert "Deep" not in said[1]


def test_moments_are_those_of_the_phone_clock(busy_house: House) -> None:
    """When to leave and when a visit ends are written as moments, not as a while from the loading of the page."""
    office = busy_house.office
    token = published(office)
    before = re.findall(r'data-(?:leave|ends)-at="(\d+)"', page(busy_house, f"/p/{token}"))
    office.clock.on(minutes=7)
    assert re.findall(r'data-(?:leave|ends)-at="(\d+)"', page(busy_house, f"/p/{token}")) == before
    assert before


def test_the_week_tells_what_is_published_and_when_she_works(busy_house: House) -> None:
    """Seven days from today on, each a link; a day that is not published says so, and an address that is nobody's opens none."""
    token = published(busy_house.office)
    text = page(busy_house, f"/p/{token}/week")
    assert text.count('class="phone-week-day"') == 7
    assert "visits, first at" in text
    assert "Not published yet" in text
    assert busy_house.stranger().get("/p/made.up.token/week").status_code == 403
