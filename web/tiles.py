"""A company's own tile server: where the board's map fetches its pictures from, if it is not to be the schematic."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, current_app


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """A template of tile addresses with `{z}`, `{x}` and `{y}`, checked by the settings, and who made the map."""

    url: str
    attribution: str

    @property
    def origin(self) -> str:
        """Give the one origin that pictures may come from."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def install(app: Flask, *, url: str, attribution: str) -> None:
    """Let the app's maps use the tile server; without an address they show the schematic."""
    app.extensions["laluan_tiles"] = Tiles(url=url, attribution=attribution) if url else None


def current_tiles() -> Tiles | None:
    """Give the tile server of the running app, or None."""
    tiles: Tiles | None = current_app.extensions.get("laluan_tiles")
    return tiles
