"""The page of a chat: one paste gives drafts and starts, one click holds or confirms, and nothing is done twice."""

import re
from typing import TYPE_CHECKING

import pytest

from dispatch.model.booking import Booking
from dispatch.model.decisions import Hold
from dispatch.model.kinds import BookingStatus, Role
from dispatch.work.clients import list_clients
from tests.web.desk_house import HOSTILE, open_desk, text_of
from tests.web.house import House
from tests.work.company import Office
from tests.work.plans import FULL, keep

if TYPE_CHECKING:
    from flask.testing import FlaskClient

CHAT = "tomorrow 3pm relax 60 min at Suria KLCC unit 9-1, name Farah 013-222 3333"


@pytest.fixture
def desk(busy: Office) -> House:
    """The pages over an office with a planned day."""
    keep(busy, FULL)
    return open_desk(busy)


def kept(desk: House) -> tuple[int, int]:
    """How many bookings and holds there are."""
    with desk.office.services.store.reading() as tx:
        return len(tx.list(Booking, "main")), len(tx.list(Hold, "main"))


def form_of(page: str, number: int = 1) -> dict[str, str]:
    """The fields of a draft's form as a browser would send them."""
    form = page.split(f'id="draft-{number}"')[1].split("</form>", maxsplit=1)[0]
    fields = dict(re.findall(r'<input [^>]*?name="([^"]+)"[^>]*? value="([^"]*)"', form))
    fields |= dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    for name, options in re.findall(r'<select [^>]*name="([^"]+)">(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


def starts(page: str) -> list[str]:
    """What the buttons of the starts send, each once."""
    return list(dict.fromkeys(re.findall(r'name="slot" value="([^"]+)"', page)))


def paste(client: "FlaskClient", text: str) -> str:
    """Paste a chat."""
    return text_of(client.post("/chat", data={"text": text}))


def test_one_paste_and_one_click(desk: House) -> None:
    """A paste shows the words beside their fields and three starts; one click confirms, with messages ready to send."""
    taker = desk.signed_in(Role.BOOKING_TAKER)
    page = paste(taker, CHAT)
    assert re.search(r'<mark class="heard heard-date">tomorrow<', page)
    assert len(starts(page)) == 3
    assert kept(desk) == (4, 0)
    form = {**form_of(page), "slot": starts(page)[0]}
    answer = taker.post("/chat/confirm", data=form)
    assert answer.status_code == 303
    assert taker.post("/chat/confirm", data=form).location == answer.location
    assert kept(desk) == (5, 0)
    shown = text_of(taker.get(answer.location))
    assert "Farah is booked" in shown
    assert shown.count("https://wa.me/60132223333?text=") == 2
    assert [one.name for one in list_clients(desk.office.services, desk.office.owner, search="Farah")] == ["Farah"]


def test_getting_ready_keeps_and_says_nothing(desk: House) -> None:
    """The page lets the server load what it needs; the answer is empty, and nothing is kept."""
    answer = desk.signed_in(Role.BOOKING_TAKER).get("/chat/ready")
    assert (answer.status_code, answer.data) == (204, b"")
    assert kept(desk) == (4, 0)


def test_a_start_is_held_confirmed_and_let_go(desk: House) -> None:
    """A held start says until when, with the offer to send; it is confirmed by one more click, or let go."""
    taker = desk.signed_in(Role.BOOKING_TAKER)
    for step, status in (("confirm", BookingStatus.CONFIRMED), ("release", BookingStatus.CANCELLED)):
        page = paste(taker, CHAT)
        answer = taker.post("/chat/hold", data={**form_of(page), "slot": starts(page)[0]})
        shown = text_of(taker.get(answer.location))
        assert "Held for Farah until 09:10" in shown
        assert "We can come at" in shown
        address = answer.location.split("?")[0]
        assert taker.post(f"{address}/{step}").status_code == 303
        with desk.office.services.store.reading() as tx:
            assert tx.get(Booking, address.rsplit("/", 1)[1]).status is status
        again = taker.post(f"{address}/{step}")
        assert again.status_code == (303 if step == "confirm" else 409)


def test_a_start_that_is_gone_is_told_with_others(desk: House) -> None:
    """Whoever comes second is told so beside new starts, and what was typed stays."""
    first, second = desk.signed_in(Role.BOOKING_TAKER), desk.signed_in(Role.DISPATCHER)
    pages = [paste(first, CHAT), paste(second, CHAT.replace("Farah 013-222 3333", "Gopal 013-222 4444"))]
    chosen = starts(pages[0])[0]
    assert chosen == starts(pages[1])[0]
    assert first.post("/chat/hold", data={**form_of(pages[0]), "slot": chosen}).status_code == 303
    answer = second.post("/chat/hold", data={**form_of(pages[1]), "slot": chosen, "unit": "77-7"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "is not free any more" in page
    assert 'value="77-7"' in page
    assert starts(page)
    assert chosen not in starts(page)
    assert kept(desk) == (5, 1)


def test_any_field_can_be_corrected(desk: House) -> None:
    """What is written by hand counts: another treatment and time give other starts, and what is wrong is told at its field."""
    taker = desk.signed_in(Role.BOOKING_TAKER)
    form = form_of(paste(taker, "esok 3 boleh relax 60 min? di Suria KLCC, saya Farid 013-222 3333"))
    assert form["from_1"] == ""
    page = text_of(taker.post("/chat/slots", data={**form, "from_1": "17:00", "to_1": "19:00", "treatment_id": "deep"}))
    assert len(starts(page)) == 3
    assert all(61_200 <= int(one.split("|")[1]) <= 68_400 for one in starts(page))
    answer = taker.post("/chat/slots", data={**form, "from_1": "25:00"})
    assert answer.status_code == 400
    assert "25:00" in text_of(answer)


def test_no_name_is_needed_for_starts_but_for_a_booking(desk: House) -> None:
    """Starts are offered to somebody who has not said her name; holding one asks for it, and keeps nothing."""
    taker = desk.signed_in(Role.BOOKING_TAKER)
    page = paste(taker, "tomorrow 3pm relax 60 min at Suria KLCC")
    assert "Under which name may we book?" in page
    assert len(starts(page)) == 3
    answer = taker.post("/chat/hold", data={**form_of(page), "slot": starts(page)[0]})
    assert answer.status_code == 400
    assert kept(desk) == (4, 0)


def test_several_bookings_each_with_starts(desk: House) -> None:
    """Two bookings of one chat are two cards; taking the second leaves the first as it is."""
    taker = desk.signed_in(Role.BOOKING_TAKER)
    page = paste(
        taker, "Tomorrow 3pm swedish 60 min and Friday 5pm deep tissue 90 min, both at Suria KLCC, Sara 013-2223333"
    )
    assert 'id="draft-2"' in page
    form = form_of(page, 2)
    answer = taker.post("/chat/slots", data={**form, "treatment_id": "deep"})
    assert 'id="draft-1"' in text_of(answer)
    assert starts(text_of(answer).split('id="draft-2"')[1])


@pytest.mark.parametrize(
    ("text", "sentence", "status"),
    [
        ("tomorrow 3pm " * 1_600, "at most 10000 are read", 400),
        ("😀😀🎉", "There are no words in this chat", 200),
        ("<Media omitted>", "a voice message or a picture", 200),
        (HOSTILE, "", 200),
        ("yesterday 3pm relax 60 min", "Which day would you like?", 200),
        ("tomorrow 3pm relax 60 min at Suria KLCC or 1 Utama", "Where shall we come?", 200),
        ("please cancel my booking", "no booking of hers is known", 200),
    ],
)
def test_bad_input_is_a_sentence_on_the_page(desk: House, text: str, sentence: str, status: int) -> None:
    """Whatever is pasted, the page stands, says what to do, keeps the text, and nothing is kept in the store."""
    taker = desk.signed_in(Role.BOOKING_TAKER)
    answer = taker.post("/chat", data={"text": text})
    assert answer.status_code == status
    assert sentence in text_of(answer)
    assert "<b>`${alert(1)}`" not in answer.get_data(as_text=True)
    assert kept(desk) == (4, 0)


@pytest.mark.parametrize("slot", ["", "x", "2026-11-26|54000", "2026-99-99|1|t-aina|", "2026-11-26|54000|nobody|"])
def test_a_slot_nobody_offered_is_refused(desk: House, slot: str) -> None:
    """What no button sends is refused with a sentence, and nothing is kept."""
    taker = desk.signed_in(Role.BOOKING_TAKER)
    answer = taker.post("/chat/confirm", data={**form_of(paste(taker, CHAT)), "slot": slot})
    assert answer.status_code in {400, 409}
    assert kept(desk) == (4, 0)


def test_a_change_opens_the_booking_with_what_was_said(desk: House) -> None:
    """A change leads to the booking that is meant, whose form holds the new time already."""
    taker = desk.signed_in(Role.BOOKING_TAKER)
    page = paste(taker, "Lim Mei Ling here 012-3456789, can we change today to 5pm instead?")
    link = re.search(r'href="(/bookings/b1\?[^"]*from_1=17:00[^"]*)"', page)
    assert link
    assert 'value="17:00"' in text_of(taker.get(link[1].replace("&amp;", "&")))
