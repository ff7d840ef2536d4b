"""Phone numbers between how people write them and how they are kept (E.164)."""


def read_phone(text: str) -> str:
    """Give the number a text means in E.164, nothing for an empty text; `BadInput` where it is none."""
    if not text.strip():
        return ""
    from dispatch.intake.phones import parse_phone

    return parse_phone(text).e164


def show_phone(e164: str) -> str:
    """Give a kept number as a person reads it; an empty one stays empty."""
    if not e164:
        return ""
    from dispatch.intake.phones import format_phone

    return format_phone(e164)
