"""What every template can use: labels, sentences, times and money, the nonce, the files, who is signed in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask, current_app, url_for

from dispatch.model.said import Said
from dispatch.words import clock, kilometres, minutes, money
from dispatch.work.inbox import is_on
from dispatch.work.numbers import show_phone
from dispatch.work.permissions import Permission, may
from dispatch.work.telling import reaches_the_office
from web.assets import asset, vendor
from web.current import current_services, local_date, signed_in_actor
from web.field_labels import field_label
from web.forms import clock_value
from web.labels import label_of
from web.language import OWN_NAMES, reader_language
from web.palette import colour_class
from web.tiles import current_tiles
from web.translate import hours, sentence, show_date, show_weekday, translate

_NAVIGATION: tuple[tuple[str, str, Permission], ...] = (
    ("board.today_board", "Day", Permission.READ_DAY),
    ("week.week_page", "Week", Permission.READ_DAY),
    ("desk.chat", "Chat", Permission.BOOKINGS),
    ("inbox.chats", "Inbox", Permission.BOOKINGS),
    ("desk.bookings", "Bookings", Permission.BOOKINGS),
    ("desk.clients", "Clients", Permission.CLIENTS),
    ("desk.due", "Due", Permission.BOOKINGS),
    ("desk.team", "Team", Permission.TEAM),
    ("desk.alarms", "Alarms", Permission.READ_DAY),
    ("reports.report_page", "Reports", Permission.REPORTS),
)
"""The pages people open all day: endpoint, label, and who sees it; what a build lacks is left away."""

_COMPANY_NAVIGATION: tuple[tuple[str, str, Permission], ...] = (
    ("desk.buildings", "Buildings", Permission.CLIENTS),
    ("desk.catalogue", "Catalogue", Permission.CATALOGUE),
    ("desk.learned", "What the days teach", Permission.PLANNING),
    ("desk.imports", "Import", Permission.BOOKINGS),
    ("account.accounts", "Accounts", Permission.ACCOUNTS),
    ("account.tokens", "Tokens of programs", Permission.ACCOUNTS),
)
"""The pages where the company says how it works, in a menu of their own."""


def _navigation(pages: tuple[tuple[str, str, Permission], ...] = _NAVIGATION) -> list[tuple[str, str, str]]:
    """Give the menu of who is signed in: endpoint, address, label."""
    actor = signed_in_actor()
    if actor is None:
        return []
    return [
        (endpoint, url_for(endpoint), translate(label))
        for endpoint, label, permission in pages
        if endpoint in current_app.view_functions and may(actor, permission) and _is_set_up(endpoint)
    ]


def _company_navigation() -> list[tuple[str, str, str]]:
    """Give the company's pages, of which whoever is signed in may see some."""
    return _navigation(_COMPANY_NAVIGATION)


def _is_set_up(endpoint: str) -> bool:
    """Tell whether a page has anything to show here: the inbox has where WhatsApp is set up."""
    return endpoint != "inbox.chats" or is_on(current_services())


def _has_page(endpoint: str) -> bool:
    """Tell whether the app has a page of this name."""
    return endpoint in current_app.view_functions


def _allowed(permission: str) -> bool:
    """Tell whether who is signed in holds a permission, so that a page shows only what will work."""
    actor = signed_in_actor()
    return actor is not None and may(actor, Permission(permission))


def _local_day(at: datetime, form: str = "short") -> str:
    """Write the day a moment lies on in the branch."""
    return show_date(local_date(at), form)


def _said(said: Said, names: Mapping[str, str] | None = None) -> str:
    return sentence(said.code, said.named(), names=names)


def _short_clock(seconds: int) -> str:
    """Write a time as briefly as people do where there is little room: `9`, `9:30`, `0:30`."""
    hour, minute = seconds // 3600 % 24, seconds // 60 % 60
    return f"{hour}:{minute:02d}" if minute else str(hour)


def _words(code: str, /, **values: Any) -> str:
    return sentence(code, values)


def install(app: Flask) -> None:
    """Give the app's templates their functions and filters."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        _=translate,
        words=_words,
        asset=asset,
        vendor=vendor,
        allowed=_allowed,
        has_page=_has_page,
        navigation=_navigation,
        company_navigation=_company_navigation,
        signed_in=signed_in_actor,
        has_channel=lambda: reaches_the_office(current_services()),
        colour_class=colour_class,
        field_label=field_label,
        label_of=label_of,
        reader_language=reader_language,
        reader_languages=OWN_NAMES,
        tiles=current_tiles,
    )
    app.jinja_env.filters.update(
        said=_said,
        clock=clock,
        clock_value=clock_value,
        money=money,
        minutes=minutes,
        date=show_date,
        local_day=_local_day,
        weekday=show_weekday,
        short_clock=_short_clock,
        hours=hours,
        km=kilometres,
        phone=show_phone,
    )
