"""Phone numbers are read as Malaysians write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.errors import BadInput
from dispatch.intake.phones import PhoneKind, format_phone, parse_phone
from dispatch.words import sentence


@pytest.mark.parametrize(
    ("written", "e164", "kind"),
    [
        ("012-345 6789", "+60123456789", PhoneKind.MOBILE),
        ("0123456789", "+60123456789", PhoneKind.MOBILE),
        ("+60 12-345 6789", "+60123456789", PhoneKind.MOBILE),
        ("60123456789", "+60123456789", PhoneKind.MOBILE),
        ("0060123456789", "+60123456789", PhoneKind.MOBILE),
        ("011-2345 6789", "+601123456789", PhoneKind.MOBILE),
        ("\u202a+60\u00a012‑345\u00a06789\u202c", "+60123456789", PhoneKind.MOBILE),
        ("03-2345 6789", "+60323456789", PhoneKind.FIXED),
        ("(03) 2345 6789", "+60323456789", PhoneKind.FIXED),
        ("+65 9123 4567", "+6591234567", PhoneKind.MOBILE),
        ("1-800-88-8288", "+601800888288", PhoneKind.OTHER),
    ],
)
def test_number_is_read(written: str, e164: str, kind: PhoneKind) -> None:
    """A number in any usual form gives E.164 and its kind, and digits for WhatsApp only where it is mobile."""
    phone = parse_phone(written)
    assert (phone.e164, phone.kind) == (e164, kind)
    assert phone.whatsapp == (e164[1:] if kind is PhoneKind.MOBILE else "")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "intake.phone_empty"),
        (" \u200b ", "intake.phone_empty"),
        ("call me", "intake.phone_unreadable"),
        ("012-345", "intake.phone_wrong"),
        ("012-345 67890123", "intake.phone_wrong"),
        ("+999 123456", "intake.phone_unreadable"),
    ],
)
def test_wrong_number_is_refused_with_advice(written: str, code: str) -> None:
    """What cannot be dialled is refused with a sentence that shows how a number looks."""
    with pytest.raises(BadInput) as caught:
        parse_phone(written)
    assert caught.value.code == code
    assert sentence(caught.value.code, caught.value.values).endswith(".")


def test_stored_number_reads_well() -> None:
    """A stored number is shown locally for Malaysia and with its country for the rest."""
    assert format_phone("+60123456789") == "012-345 6789"
    assert format_phone("+6591234567") == "+65 9123 4567"
    with pytest.raises(BadInput):
        format_phone("nothing")


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=40) | st.text(alphabet="+0123456789-() ", max_size=20))
def test_reading_is_settled_or_refused(text: str) -> None:
    """Any text is refused by a typed error or gives a number that reads back to itself."""
    try:
        phone = parse_phone(text)
    except BadInput as error:
        code = error.code
    else:
        code = "intake.phone_read"
        assert parse_phone(phone.e164) == phone
    assert code.startswith("intake.phone_")
