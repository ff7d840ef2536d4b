"""What a company may set, read from the environment; every setting is in `docs/reference/settings.md`.

A setting is named `LALUAN_` and its name (`LALUAN_PUBLIC_URL`); the five that hosts know by plain names are read under
those too (`HOST`, `PORT`, `DATA_DIR`, `DATABASE_URL`, `SECRET_KEY`).
"""

import re
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

WORD_LETTERS = 16
"""WhatsApp's own secrets are longer, and the word for its webhook should not be guessed either."""

SECRET_LETTERS = 32
"""A secret shorter than this could be guessed."""

HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?::\d{1,5})?")
"""What a map server may be called: one host, with its port where that is not the usual one."""
TILES = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?/(?:[A-Za-z0-9._~/?&=%@:+-]|\{[xyz]\})+")
"""What the address of a tile server may be: one host (it stands in the content security policy), nothing to be run."""
HOST_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,45}")
MAIL_SENDER = re.compile(r"[!-?A-~]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
PLACEHOLDER = re.compile(r"\{[^}]*\}")


def _named(name: str, default: Any, **limits: Any) -> Any:
    """Give a setting that may also be set under its plain name."""
    return Field(default, validation_alias=AliasChoices(f"LALUAN_{name}", name), **limits)


class Settings(BaseSettings):
    """The settings of one installation; unset ones have the values given here."""

    model_config = SettingsConfigDict(env_prefix="LALUAN_", frozen=True, validate_by_name=True, env_ignore_empty=True)

    host: str = _named("HOST", "127.0.0.1")
    port: int = _named("PORT", 8000, ge=1, le=65_535)
    data_dir: Path = _named("DATA_DIR", Path("var"))
    database_url: SecretStr = _named("DATABASE_URL", SecretStr(""))
    secret_key: SecretStr = _named("SECRET_KEY", SecretStr(""))
    public_url: str = ""
    threads: int = Field(8, ge=1, le=64)
    nominatim_domain: str = ""
    nominatim_user_agent: str = Field("", validate_default=True)
    api_per_minute: int = Field(600, ge=1, le=100_000)
    photon_domain: str = ""
    google_geocoding_key: SecretStr = SecretStr("")
    tiles_url: str = ""
    tiles_attribution: str = Field("", validate_default=True, max_length=200)
    smtp_host: str = ""
    smtp_port: int = Field(587, ge=1, le=65_535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = Field("", validate_default=True)
    webhook_url: str = ""
    webhook_secret: SecretStr = Field(SecretStr(""), validate_default=True)
    whatsapp_number_id: str = ""
    whatsapp_token: SecretStr = Field(SecretStr(""), validate_default=True)
    whatsapp_app_secret: SecretStr = Field(SecretStr(""), validate_default=True)
    whatsapp_verify_token: SecretStr = Field(SecretStr(""), validate_default=True)
    whatsapp_url: str = "https://graph.facebook.com/v25.0"
    push_contact: str = ""
    send_timeout_s: int = Field(10, ge=1, le=60)
    late_offer_minutes: int = Field(15, ge=5, le=120)

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and len(value.get_secret_value()) < SECRET_LETTERS:
            raise ValueError("too short")
        return value

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError("no address")
        return value.rstrip("/")

    @field_validator("nominatim_domain", "photon_domain")
    @classmethod
    def _host_alone(cls, value: str) -> str:
        if value and not HOST.fullmatch(value):
            raise ValueError("no host")
        return value

    @field_validator("nominatim_user_agent")
    @classmethod
    def _introduced(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("nominatim_domain") and not value:
            raise ValueError("no name")
        return value

    @field_validator("tiles_url")
    @classmethod
    def _tiles(cls, value: str) -> str:
        if value and not (TILES.fullmatch(value) and sorted(PLACEHOLDER.findall(value)) == ["{x}", "{y}", "{z}"]):
            raise ValueError("no template")
        return value

    @field_validator("tiles_attribution")
    @classmethod
    def _credited(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("tiles_url") and not value.strip():
            raise ValueError("no maker")
        return value.strip()

    @field_validator("smtp_host")
    @classmethod
    def _mail_server(cls, value: str) -> str:
        if value and not HOST_NAME.fullmatch(value):
            raise ValueError("no host")
        return value

    @field_validator("smtp_from")
    @classmethod
    def _sender(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("smtp_host") and not MAIL_SENDER.fullmatch(value):
            raise ValueError("no sender")
        return value

    @field_validator("webhook_url", "whatsapp_url")
    @classmethod
    def _hook(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc):
            raise ValueError("no address")
        if not value.isascii() or not value.isprintable() or " " in value or (value and parts.port == 0):
            raise ValueError("no address")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _signed(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if info.data.get("webhook_url") and len(value.get_secret_value()) < SECRET_LETTERS:
            raise ValueError("too short")
        return value

    @field_validator("push_contact")
    @classmethod
    def _asked(cls, value: str) -> str:
        parts = urlsplit(value)
        web = parts.scheme == "https" and bool(parts.hostname)
        if value and not web and not (parts.scheme == "mailto" and MAIL_SENDER.fullmatch(parts.path)):
            raise ValueError("nobody to ask")
        return value

    @field_validator("whatsapp_number_id")
    @classmethod
    def _number(cls, value: str) -> str:
        if value and not re.fullmatch(r"[0-9]{5,30}", value):
            raise ValueError("no id")
        return value

    @field_validator("whatsapp_token", "whatsapp_app_secret", "whatsapp_verify_token")
    @classmethod
    def _told(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        text = value.get_secret_value()
        if info.data.get("whatsapp_number_id") and not (
            len(text) >= WORD_LETTERS and text.isascii() and text.isprintable()
        ):
            raise ValueError("too short")
        return value

    @property
    def url(self) -> str:
        """Give the address people type into their browsers."""
        if self.public_url:
            return self.public_url
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def wrong_setting(error: ValidationError) -> str:
    """Give the name of the first setting that is wrong, as its field is called."""
    where = error.errors(include_url=False, include_input=False)[0]["loc"]
    return str(where[0]).removeprefix("LALUAN_").lower()
