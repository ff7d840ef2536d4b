"""The page of the texts for clients."""

from dispatch.model.kinds import Role
from tests.web.desk_house import open_desk, text_of
from tests.work.company import Office


def test_a_text_is_written_refused_and_taken_back(busy: Office) -> None:
    """A text of one's own is kept and marked; one about health stays in its field with the sentence; the first comes back."""
    dispatcher = open_desk(busy).signed_in(Role.DISPATCHER)
    form = {"kind": "late", "language": "zh", "version": "0", "text": "{client} 我们晚 {minutes} 分钟"}
    page = text_of(dispatcher.post("/catalogue/messages", data=form, follow_redirects=True))
    assert "我们晚" in page
    assert page.count("Your own") == 1
    answer = dispatcher.post("/catalogue/messages", data={**form, "version": "1", "text": "<b>背痛</b>"})
    assert answer.status_code == 400
    assert "“背痛” speaks of health" in text_of(answer)
    assert "<b>背痛" not in answer.get_data(as_text=True)
    assert dispatcher.post("/catalogue/messages", data={**form, "text": "late"}).status_code == 409
    page = text_of(
        dispatcher.post("/catalogue/messages", data={**form, "version": "1", "default": "1"}, follow_redirects=True)
    )
    assert "Your own" not in page
