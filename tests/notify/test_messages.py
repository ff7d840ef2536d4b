"""Ready texts: values are named and harmless, and nothing about health gets into a link."""

from urllib.parse import parse_qs, urlsplit

import pytest

from dispatch.errors import BadInput
from dispatch.model.message import MessageKind
from dispatch.notify.messages import (
    VALUES,
    default_text,
    health_word,
    template_errors,
    whatsapp_link,
    write_message,
)
from dispatch.words import LANGUAGES, sentence


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MessageKind)
def test_every_first_text_is_a_good_template(kind: MessageKind, language: str) -> None:
    """The texts a company begins with pass the check that its own have to pass, and can be filled in."""
    text = default_text(kind, language)
    assert template_errors(kind, text) == []
    assert "{" not in write_message(text, dict.fromkeys(VALUES[kind], "x"))


def test_a_value_is_never_a_template() -> None:
    """What a name holds neither fills in other values, nor makes lines, marks or unseen letters in the message."""
    hostile = "{price} *Bob*\n\u202e_x_ {0.__class__}\x00"
    written = write_message("Hello {client}, {price}", {"client": hostile, "price": "RM 1"})
    assert written == "Hello {price} Bob x {0.class}, RM 1"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("  ", "message.empty"),
        ("x" * 901, "message.too_long"),
        ("Hello {client", "message.braces"),
        ("Hello {0}", "message.unknown_value"),
        ("Hello {client.__class__}", "message.unknown_value"),
        ("Hello {client!r}", "message.unknown_value"),
        ("Hello {}", "message.unknown_value"),
        ("Your deep tissue is booked", "message.health_word"),
        ("Semoga sakit belakang anda pulih", "message.health_word"),
        ("希望您的背痛好些", "message.health_word"),
        ("How is your Hot Stone", "message.health_word"),
    ],
)
def test_a_bad_text_is_told(text: str, code: str) -> None:
    """Each thing wrong with a template has its own sentence."""
    (error,) = template_errors(MessageKind.THANK_YOU, text, words=["Hot stone"])
    assert error.code == code
    assert sentence(error.code, error.values)


def test_a_link_says_exactly_the_text() -> None:
    """The link leads to the number's chat and holds the whole text, whatever signs are in it."""
    text = "Hi 陈 & Söhne?\n100% #1 +"
    link = urlsplit(whatsapp_link("60123456789", text))
    assert (link.netloc, link.path) == ("wa.me", "/60123456789")
    assert parse_qs(link.query, strict_parsing=True) == {"text": [text]}
    assert not link.fragment


@pytest.mark.parametrize("digits", ["", "+60123456789", "0123456789", "60 123", "6012?text=x"])
def test_no_link_without_a_number(digits: str) -> None:
    """What is no number of WhatsApp's form is refused."""
    with pytest.raises(BadInput, match=r"message\.no_whatsapp"):
        whatsapp_link(digits, "Hello")


def test_health_words_are_whole_words_of_any_case() -> None:
    """`Painting` is no pain; capitals, wide letters and line breaks hide nothing."""
    assert health_word("Painting class at Rawang, see you back home") == ""
    assert health_word("your ＤＥＥＰ\n Tissue") == "deep tissue"
    with pytest.raises(BadInput, match=r"message\.health_word"):
        whatsapp_link("60123456789", "about your Slipped Disc")
