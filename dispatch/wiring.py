"""Puts the parts together: the store, the clock, travel times, places and ids, as the settings say.

Here alone the clock is read, random ids are drawn and the data folder is made.
"""

import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from dispatch.errors import BadInput, Unavailable
from dispatch.settings import SECRET_LETTERS, Settings, wrong_setting
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.intake.address import Resolution
    from dispatch.intake.geocode import GeocodeCache, Geocoder, MapServer
    from dispatch.model.outgoing import Channel
    from dispatch.notify.channel import ChannelOut
    from dispatch.store import Store
    from dispatch.travel import TravelEngine

DATABASE_FILE = "laluan.sqlite3"
SECRET_FILE = "secret"  # noqa: S105 - the name of the file, not what is in it


def now() -> datetime:
    """Give the present moment, aware and in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads the clock


def new_id() -> str:
    """Give an id nobody else has, of 32 hexadecimal digits; ids made later sort later, to the millisecond."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def load_settings(**given: Any) -> Settings:
    """Read the settings from the environment, those given taking their place; `BadInput` says what a wrong one must be."""
    try:
        return Settings(**given)
    except ValidationError as error:
        # The error itself would show the value, and with it a secret; it is not chained.
        name = wrong_setting(error)
    raise BadInput(f"settings.{name}")


def build_services(settings: Settings, *, wake: Callable[[], None] | None = None) -> Services:
    """Give everything the use cases need, with the database open and its schema up to date.

    An empty database gets its schema; an older one is `Conflict` until `laluan db upgrade`. `wake` is called when a
    job is due at once. Close `services.store` at the end.
    """
    from dispatch.work.health import seal_carried_over

    secret = _secret(settings)
    store = open_database(settings)
    try:
        if store.is_empty():
            store.upgrade()
        store.check_schema()
        services = Services(
            store=store,
            now=now,
            travel=travel_engine(),
            resolve_address=_resolver(settings, store),
            new_id=new_id,
            wake=wake or _nobody_waits,
            secret=secret,
            channels=channels_out(settings, secret),
            public_url=settings.url,
            late_offer_s=settings.late_offer_minutes * 60,
        )
        seal_carried_over(services)
        return services
    except BaseException:
        store.close()
        raise


def travel_engine() -> "TravelEngine":
    """Give what says how long the ways of a day take."""
    from dispatch.travel import great_circle
    from dispatch.travel.table import load_table

    return great_circle.engine(load_table())


def channels_out(settings: Settings, secret: str) -> "dict[Channel, ChannelOut]":
    """Give the ways out that the settings name; none is on until it is set."""
    from dispatch.notify.email import EmailChannel
    from dispatch.notify.push import PushChannel
    from dispatch.notify.webhook import WebhookChannel
    from dispatch.notify.whatsapp import WhatsAppChannel

    found: list[ChannelOut] = []
    if settings.smtp_host:
        found.append(
            EmailChannel(
                host=settings.smtp_host,
                port=settings.smtp_port,
                security=settings.smtp_security,
                user=settings.smtp_user,
                password=settings.smtp_password.get_secret_value(),
                sender=settings.smtp_from,
                timeout_s=settings.send_timeout_s,
            )
        )
    if settings.webhook_url:
        signs = settings.webhook_secret.get_secret_value()
        found.append(WebhookChannel(url=settings.webhook_url, secret=signs, timeout_s=settings.send_timeout_s))
    if settings.whatsapp_number_id:
        found.append(
            WhatsAppChannel(
                url=settings.whatsapp_url,
                number_id=settings.whatsapp_number_id,
                token=settings.whatsapp_token.get_secret_value(),
                app_secret=settings.whatsapp_app_secret.get_secret_value(),
                verify_token=settings.whatsapp_verify_token.get_secret_value(),
                timeout_s=settings.send_timeout_s,
            )
        )
    if settings.push_contact:
        found.append(PushChannel(secret=secret, contact=settings.push_contact, timeout_s=settings.send_timeout_s))
    return {one.channel: one for one in found}


def open_database(settings: Settings) -> "Store":
    """Give the store the settings name, whatever its schema: a file in the data folder unless a URL is set."""
    from dispatch.store import open_store

    url = settings.database_url.get_secret_value()
    if not url:
        url = f"sqlite:///{_data_dir(settings) / DATABASE_FILE}"
    return open_store(url)


def _nobody_waits() -> None:
    """Do nothing: no runner is here to be woken, and the one elsewhere looks for due jobs every second."""


def _resolver(settings: Settings, store: "Store") -> "Callable[[str], Resolution]":
    """Give what finds addresses; the gazetteer and the geocoder are loaded at the first question."""

    def resolve_address(text: str) -> "Resolution":
        from dispatch.intake.address import resolve
        from dispatch.intake.gazetteer import shipped

        return resolve(text, gazetteer=shipped(), geocoder=geocoder())

    kept: list[Geocoder] = []

    def geocoder() -> "Geocoder | None":
        """Give the one geocoder of this process, which keeps the pace each server asks for; None where none is set."""
        if not kept and (servers := _map_servers(settings)):
            from dispatch.intake.geocode import Geocoders, PoliteGeocoder

            answers = _answers(store)
            kept.append(Geocoders([PoliteGeocoder(server, cache=answers) for server in servers]))
        return kept[0] if kept else None

    return resolve_address


def _map_servers(settings: Settings) -> "list[MapServer]":
    """Give the map servers that are set, in the order they are asked; the one that costs money last."""
    found: list[MapServer] = []
    if not (settings.nominatim_domain or settings.photon_domain or settings.google_geocoding_key.get_secret_value()):
        return found
    from dispatch.intake.servers import Google, Nominatim, Photon

    agent = settings.nominatim_user_agent
    if settings.nominatim_domain:
        found.append(Nominatim(domain=settings.nominatim_domain, user_agent=agent))
    if settings.photon_domain:
        found.append(Photon(domain=settings.photon_domain, user_agent=agent))
    if key := settings.google_geocoding_key.get_secret_value():
        found.append(Google(key=key))
    return found


def _answers(store: "Store") -> "GeocodeCache":
    """Give the memory for a geocoder's answers: the store keeps them until they are too old to trust."""
    from datetime import timedelta

    from dispatch.intake.geocode import GeocodeCache

    def get(question: str) -> str | None:
        with store.reading() as tx:
            return tx.answer(question, now())

    def put(question: str, text: str, keep_s: int) -> None:
        with store.writing() as tx:
            tx.keep_answer(question, text, until=now() + timedelta(seconds=keep_s))

    return GeocodeCache(get=get, put=put)


def _data_dir(settings: Settings) -> Path:
    """Make the data folder, for its owner alone; `BadInput` where it cannot be used."""
    folder = settings.data_dir.expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput("settings.folder", path=str(folder), why=_why(error)) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadInput("settings.folder", path=str(folder), why="it may not be written to")
    return folder


def _secret(settings: Settings) -> str:
    """Give the secret that signs sessions and links: the one set, or one made at the first start and kept in a file."""
    if settings.secret_key.get_secret_value():
        return settings.secret_key.get_secret_value()
    path = _data_dir(settings) / SECRET_FILE
    try:
        if not path.exists():
            _keep_secret(path, secrets.token_urlsafe(48))
        secret = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable("settings.secret_unreadable", path=str(path), why=_why(error)) from error
    if len(secret) < SECRET_LETTERS:
        raise BadInput("settings.secret_short", path=str(path))
    return secret


def _keep_secret(path: Path, secret: str) -> None:
    """Write the secret for its owner alone; where another process was first, its secret stays."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(secret + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _why(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else "it is no text"
