"""Publishing by versions on the pages: the step before, the list with who has seen what, taking one back."""

import re

import pytest

from dispatch.model.kinds import Role
from dispatch.work.phones import make_phone_link, phone_day
from tests.web.house import House
from tests.work.company import DAY
from tests.work.plans import FULL, SOME, keep, keep_and_publish

PAGE = f"/day/{DAY}"


def hidden(page: str, name: str) -> str:
    """Give a hidden field's value on a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def test_the_step_before_publishing_says_who_is_told_what(busy_house: House) -> None:
    """The board leads to a page that names what each therapist will see changed, and its button publishes that plan."""
    client, office = busy_house.signed_in(Role.DISPATCHER), busy_house.office
    keep(office, FULL)
    assert f'href="{PAGE}/publish"' in client.get(PAGE).text
    step = client.get(f"{PAGE}/publish").text
    assert "It changes the day of 3 therapists." in step
    assert "New: Lim Mei Ling at 14:" in step
    answer = client.post(f"{PAGE}/publish", data={"head_id": hidden(step, "head_id")}, follow_redirects=True)
    assert "badge badge-good" in answer.text
    assert "No therapist&#39;s day changes by it." in client.get(f"{PAGE}/publish").text


def test_a_day_without_a_plan_has_no_step(busy_house: House) -> None:
    """Where nothing is planned the step says so, and the list of versions is empty."""
    client = busy_house.signed_in(Role.DISPATCHER)
    step = client.get(f"{PAGE}/publish")
    assert step.status_code == 404
    assert "optimise the day first" in step.text
    assert "Nothing of this day has been published yet." in client.get(f"{PAGE}/versions").text


def test_the_list_shows_versions_and_who_has_seen_them(busy_house: House) -> None:
    """Her phone's answer turns `not seen yet` into the time she saw it; what is not told yet stands on top."""
    client, office = busy_house.signed_in(Role.DISPATCHER), busy_house.office
    keep_and_publish(office, SOME)
    page = client.get(f"{PAGE}/versions").text
    assert "Seen by 0 of 2" in page
    token = make_phone_link(office.services, office.dispatcher, "t-aina")
    phone = busy_house.stranger()
    day = phone.get(f"/p/{token}?day={DAY}").text
    assert "Seen by 0 of 2" in client.get(f"{PAGE}/versions").text, "opening the address alone is not seeing it"
    seen = {"publication": hidden(day, "publication"), "day": DAY.isoformat()}
    answer = phone.post(f"/p/{token}/seen", data=seen)
    assert answer.status_code == 303
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "data-seen" not in phone.get(f"/p/{token}?day={DAY}").text
    keep(office, FULL)
    page = client.get(f"{PAGE}/versions").text
    assert "Seen by 1 of 2" in page
    assert "✓ Seen 09:00" in page
    assert "Not told yet" in page


@pytest.mark.parametrize("publication", ["", "nobody's", "\0"])
def test_a_made_up_version_is_not_seen(busy_house: House, publication: str) -> None:
    """A phone cannot note what is no version of its branch."""
    office = busy_house.office
    keep_and_publish(office, SOME)
    token = make_phone_link(office.services, office.dispatcher, "t-aina")
    assert busy_house.stranger().post(f"/p/{token}/seen", data={"publication": publication}).status_code == 400
    assert not phone_day(office.services, office.therapist, DAY).seen
    assert busy_house.stranger().post("/p/made.up.token/seen").status_code == 403


def test_a_version_is_taken_back_with_a_reason(busy_house: House) -> None:
    """The step names what changes for whom, and a reason is needed; afterwards the earlier version is shown again."""
    client, office = busy_house.signed_in(Role.DISPATCHER), busy_house.office
    keep_and_publish(office, SOME)
    keep_and_publish(office, FULL)
    step = client.get(f"{PAGE}/versions/1/recall").text
    assert "What each therapist will see changed" in step
    version = hidden(step, "version")
    assert client.post(f"{PAGE}/versions/1/recall", data={"version": version, "reason": ""}).status_code == 400
    done = client.post(
        f"{PAGE}/versions/1/recall", data={"version": version, "reason": "<b>too early"}, follow_redirects=True
    )
    assert "Therapists see version 1 again; this is version 3." in done.text
    assert "&lt;b&gt;too early" in done.text
    stale = client.post(f"{PAGE}/versions/2/recall", data={"version": version, "reason": "no, this one"})
    assert stale.status_code == 409
    assert "no, this one" in stale.text


def test_publishing_is_withdrawn_on_the_page(busy_house: House) -> None:
    """Withdrawn, the phone says that no plan is published, and the list says who did it and why."""
    client, office = busy_house.signed_in(Role.DISPATCHER), busy_house.office
    keep_and_publish(office, FULL)
    step = client.get(f"{PAGE}/versions/0/recall").text
    data = {"version": hidden(step, "version"), "reason": "flood"}
    done = client.post(f"{PAGE}/versions/0/recall", data=data, follow_redirects=True).text
    assert "Withdrawn" in done
    assert "flood" in done
    assert not phone_day(office.services, office.therapist, DAY).published


def test_who_may_not_publish_may_read_the_versions(busy_house: House) -> None:
    """A booking taker sees the versions without buttons, and every step is shut to her; a therapist sees nothing."""
    keep_and_publish(busy_house.office, FULL)
    taker = busy_house.signed_in(Role.BOOKING_TAKER)
    page = taker.get(f"{PAGE}/versions")
    assert page.status_code == 200
    assert "Withdraw" not in page.text
    assert taker.get(f"{PAGE}/publish").status_code == 403
    assert taker.get(f"{PAGE}/versions/1/recall").status_code == 403
    assert taker.post(f"{PAGE}/versions/1/recall").status_code == 403
    assert busy_house.signed_in(Role.THERAPIST).get(f"{PAGE}/versions").status_code == 403


def test_an_unknown_version_is_said(busy_house: House) -> None:
    """A version the day does not have cannot be shown again."""
    keep_and_publish(busy_house.office, FULL)
    answer = busy_house.signed_in(Role.DISPATCHER).get(f"{PAGE}/versions/7/recall")
    assert answer.status_code == 404
    assert "no version 7" in answer.text
