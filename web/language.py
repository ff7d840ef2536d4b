"""The language a page is read in: what the reader chose, else what her browser asks for, else English."""

from collections.abc import Iterable
from typing import cast

from flask import g, has_request_context, request
from werkzeug.wrappers import Response

from dispatch.errors import LaluanError
from dispatch.words import LANGUAGES
from web.current import signed_in_account

COOKIE = "laluan_language"
OWN_NAMES = {"en": "English", "ms": "Bahasa Malaysia", "zh": "中文"}
"""Each language by the name its readers know it by."""

_YEAR_S = 31_536_000


def reader_language() -> str:
    """Give the language of who reads this request's answer; outside a request, English."""
    if not has_request_context():
        return "en"
    if "language" not in g:
        g.language = _chosen() or _asked_for() or "en"
    return cast(str, g.language)


def fall_back_on(languages: Iterable[str]) -> None:
    """Take the first of somebody's languages that there is, where neither she nor her browser said one."""
    if not _chosen() and not _asked_for():
        g.language = next((one for one in languages if one in LANGUAGES), "en")


def keep_on_device(response: Response, language: str, *, secure: bool) -> None:
    """Let this browser remember a choice for a year, for pages that know nobody."""
    response.set_cookie(COOKIE, language, max_age=_YEAR_S, httponly=True, samesite="Lax", secure=secure)


def _chosen() -> str:
    """Give what was chosen: with the account, or on this device."""
    try:
        account = signed_in_account()
    except LaluanError:  # this may be the page that says that the database does not answer
        account = None
    for language in (account.language if account else "", request.cookies.get(COOKIE, "")):
        if language in LANGUAGES:
            return language
    return ""


def _asked_for() -> str:
    """Give the language the browser likes best of those there are."""
    for asked, _ in request.accept_languages:
        language = asked.replace("_", "-").split("-")[0].lower()
        if language in LANGUAGES:
            return language
    return ""
