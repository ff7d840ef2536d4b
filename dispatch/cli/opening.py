"""Opens what the commands work on: the settings, the database, the services."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import TYPE_CHECKING

from dispatch.errors import NotFound

if TYPE_CHECKING:
    from dispatch.settings import Settings
    from dispatch.store import Store
    from dispatch.work.services import Services


@contextmanager
def opened(*, create: bool = False, wake: Callable[[], None] | None = None) -> "Iterator[Services]":
    """Give the services on the database of the settings, and close it at the end.

    With `create` a missing database is made and an older one brought up to date; without it a missing one is
    `NotFound`, with the sentence how to make one.
    """
    from dispatch.wiring import build_services, load_settings

    settings = load_settings()
    if create:
        with store_alone() as store:
            store.upgrade()
    elif not _exists(settings):
        raise NotFound("cli.no_database")
    services = build_services(settings, wake=wake)
    try:
        yield services
    finally:
        services.store.close()


@contextmanager
def store_alone() -> "Iterator[Store]":
    """Give the store of the settings whatever is in it, and close it at the end."""
    from dispatch.wiring import load_settings, open_database

    store = open_database(load_settings())
    try:
        yield store
    finally:
        store.close()


def _exists(settings: "Settings") -> bool:
    """Tell whether there is a database with a schema, without making an empty file by looking."""
    from dispatch.wiring import DATABASE_FILE

    if not settings.database_url.get_secret_value():
        folder = settings.data_dir.expanduser()
        if folder.is_dir() and not (folder / DATABASE_FILE).exists():
            return False
        if not folder.exists():
            return False
    with store_alone() as store:
        return not store.is_empty()


def hasher(services: "Services") -> Callable[[str], str]:
    """Give what hashes a password as the dashboard does; `BadInput` for one that is too short or too long."""

    @cache
    def in_the_app() -> Callable[[], AbstractContextManager[object]]:
        from web import create_app

        return create_app(services, secret_key=services.secret).app_context

    def hashed(password: str) -> str:
        """Hash one password."""
        from web.account.passwords import hashed as hash_checked

        with in_the_app()():
            return hash_checked(password, password)

    return hashed
