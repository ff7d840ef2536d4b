"""The therapist's phone shows her own published day, behind her own link, and nothing else."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.model.outcome import Budget
from dispatch.model.people import Client
from dispatch.model.places import Building
from dispatch.work.phones import make_phone_link, revoke_phone_links
from dispatch.work.planning import plan_now, publish
from tests.web.house import House, open_house
from tests.work.company import DAY, Office

HOSTILE = (
    "{{7*7}}",
    "${alert(1)}",
    "</script><script>alert(1)</script>",
    "`${1}`",
    '"><img src=x onerror=alert(1)>',
    "\u0639\u0627\u0634\u0642 \u200f(RTL)",
)


def published(office: Office) -> str:
    """Plan and publish the day, and give the token of Aina's link."""
    revision = plan_now(office.services, office.dispatcher, DAY, budget=Budget(rounds=2), seed=1)
    publish(office.services, office.dispatcher, DAY, head_id=revision.id)
    return make_phone_link(office.services, office.dispatcher, "t-aina")


def page(house: House, path: str) -> str:
    """Give the text of a page a stranger's browser opens."""
    answer = house.stranger().get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_before_publishing_there_is_nothing_to_see(busy_house: House) -> None:
    """A day that nobody published shows no visit, only that it is not published."""
    office = busy_house.office
    plan_now(office.services, office.dispatcher, DAY, budget=Budget(rounds=1), seed=1)
    token = make_phone_link(office.services, office.dispatcher, "t-aina")
    text = page(busy_house, f"/p/{token}")
    assert "No plan has been published" in text
    assert "Residence" not in text


def test_the_next_visit_comes_first_with_all_she_needs(busy_house: House) -> None:
    """The next visit shows its time, area, treatment, first name, access note, leave-by time and four buttons."""
    text = page(busy_house, f"/p/{published(busy_house.office)}")
    card = text[text.index("Next visit") : text.index("The whole day")]
    assert re.search(r"\d\d:\d\d", card)
    assert "Leave by" in card
    assert "Register with the guard" in card
    assert "Saya datang untuk unit B-12-3" in card
    for link in (
        "https://waze.com/ul?ll=",
        "https://www.google.com/maps/dir/?api=1",
        "https://wa.me/60123456789",
        "tel:+60",
    ):
        assert link in card


def test_only_the_first_name_is_on_the_page(busy_house: House) -> None:
    """No client's whole name leaves the office with the phone page."""
    text = page(busy_house, f"/p/{published(busy_house.office)}")
    assert not re.search("Lim Mei Ling|Tan Wei|Siti Aminah", text)


def test_opening_the_link_changes_nothing(busy_house: House) -> None:
    """The link can be opened again and again: a preview robot that opens it uses nothing up."""
    token = published(busy_house.office)
    for _ in range(2):
        assert page(busy_house, f"/p/{token}").count("Next visit</h2>") == 1


def test_a_revoked_link_opens_nothing(busy_house: House) -> None:
    """After the office revoked her links, the old address shows nothing of any day."""
    office = busy_house.office
    token = published(office)
    revoke_phone_links(office.services, office.dispatcher, "t-aina")
    answer = busy_house.stranger().get(f"/p/{token}")
    assert answer.status_code == 403
    assert "Residence" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("token", ["x", "a.b.c", "é", "A" * 3000])
def test_a_made_up_link_opens_nothing(busy_house: House, token: str) -> None:
    """A guessed token is refused, whatever it is made of."""
    assert busy_house.stranger().get(f"/p/{token}").status_code in {403, 404}


def test_the_address_is_told_to_nobody(busy_house: House) -> None:
    """The page's address holds the key, so no referrer names it and no cache or search engine keeps it."""
    answer = busy_house.stranger().get(f"/p/{published(busy_house.office)}")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_numbers_are_there_on_the_day_itself_only(busy_house: House) -> None:
    """A client's telephone number is on the page on the service day, not the day before."""
    office = busy_house.office
    token = published(office)
    assert "tel:+60" in page(busy_house, f"/p/{token}?day={DAY.isoformat()}")
    office.clock.moment -= timedelta(days=1)
    text = page(busy_house, f"/p/{token}?day={DAY.isoformat()}")
    assert "Next visit" in text
    assert "tel:+60" not in text
    assert "wa.me" not in text


def test_after_her_last_visit_the_day_is_done(busy_house: House) -> None:
    """Late in the evening no next visit is shown, but the whole day still is."""
    office = busy_house.office
    token = published(office)
    office.clock.on(hours=15)
    text = page(busy_house, f"/p/{token}")
    assert "All visits of this day are done" in text
    assert "The whole day" in text


def test_the_draft_names_no_treatment(busy_house: House) -> None:
    """The WhatsApp draft holds names and a time, nothing about health."""
    text = page(busy_house, f"/p/{published(busy_house.office)}")
    drafts = re.findall(r'href="https://wa\.me/\d+\?text=([^"]+)"', text)
    assert drafts
    assert all("Relax" not in draft and "Deep" not in draft and "pain" not in draft for draft in drafts)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_show_as_themselves(busy: Office, name: str) -> None:
    """Whatever people are called, their names are text on the page and in the map's script."""
    with busy.services.store.writing() as tx:
        for client in tx.list(Client, "main"):
            tx.update(replace(client, first_name=name))
        for building in tx.list(Building, "main"):
            tx.update(replace(building, area=name, gate_note=name))
    token = published(busy)
    text = page(open_house(busy), f"/p/{token}").replace(token, "")
    # Addresses and the forms' tokens are drawn by lot: 49 may be in them.
    shown = re.sub(r'(?:href|value)="[^"]*"', "", text[text.index("<main") : text.index("</main>")])
    assert "49" not in re.sub(r"[\d.:%-]{3,}", "", shown)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert not re.search(r"<script(?![^>]* src=)", text), "the page runs no script of its own making"
