"""Reads phone numbers the way Malaysians write them."""

from dataclasses import dataclass
from enum import StrEnum

from dispatch.errors import BadInput
from dispatch.intake.normalise import clean


class PhoneKind(StrEnum):
    """What a number reaches; only a mobile one has WhatsApp."""

    MOBILE = "mobile"
    FIXED = "fixed"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A number in E.164 ("+60123456789"); `whatsapp` holds the digits of a wa.me link, or nothing for a fixed line."""

    e164: str
    kind: PhoneKind
    whatsapp: str


def parse_phone(text: str) -> Phone:
    """Give the number a text means; without a country it is Malaysian.

    Raises `BadInput`: "intake.phone_empty", "intake.phone_unreadable" where there are no digits to dial, and
    "intake.phone_wrong" where no such number exists (a digit missing or too many).
    """
    import phonenumbers

    written = clean(text)
    if not written:
        raise BadInput("intake.phone_empty")
    # People write 60 without its plus, and the browser's keyboard offers 00.
    digits = "".join(letter for letter in written if letter.isdigit() and letter.isascii())
    if written.startswith("60") and len(digits) > 9:
        written = f"+{written}"
    elif written.startswith("00"):
        written = f"+{written[2:]}"
    try:
        number = phonenumbers.parse(written, "MY")
    except phonenumbers.NumberParseException as error:
        raise BadInput("intake.phone_unreadable", text=written[:60]) from error
    if not phonenumbers.is_valid_number(number):
        raise BadInput("intake.phone_wrong", text=written[:60])
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    types = phonenumbers.PhoneNumberType
    match phonenumbers.number_type(number):
        case types.MOBILE | types.FIXED_LINE_OR_MOBILE:
            kind = PhoneKind.MOBILE
        case types.FIXED_LINE:
            kind = PhoneKind.FIXED
        case _:
            kind = PhoneKind.OTHER
    return Phone(e164=e164, kind=kind, whatsapp=e164.removeprefix("+") if kind is PhoneKind.MOBILE else "")


def format_phone(e164: str) -> str:
    """Give a stored number as a person reads it: local for Malaysia, international for the rest."""
    import phonenumbers

    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException as error:
        raise BadInput("intake.phone_unreadable", text=e164[:60]) from error
    formats = phonenumbers.PhoneNumberFormat
    local = number.country_code == phonenumbers.country_code_for_region("MY")
    return phonenumbers.format_number(number, formats.NATIONAL if local else formats.INTERNATIONAL)
