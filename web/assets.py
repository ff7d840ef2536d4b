"""Where the browser's files are: ours by their content's hash, third-party ones by the version in their path."""

import hashlib
import json
from functools import cache
from pathlib import Path

from flask import url_for

_STATIC = Path(__file__).resolve().parent / "static"


class VendorFilesMissing(Exception):
    """The third-party browser files were never fetched; `make setup` does it."""


@cache
def vendor_manifest() -> dict[str, str]:
    """Give the path below `static` of every third-party file by its logical name (`leaflet.js`)."""
    manifest = _STATIC / "vendor" / "manifest.json"
    if not manifest.exists():
        raise VendorFilesMissing("The browser's third-party files are missing: run `make setup` once.")
    paths: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
    return paths


def vendor(name: str) -> str:
    """Give the address of a third-party file."""
    return url_for("static", filename=vendor_manifest()[name])


def asset(name: str) -> str:
    """Give the address of one of our own files; it changes with the file's content, so browsers may keep it."""
    return url_for("static", filename=name, v=_digest(name, (_STATIC / name).stat().st_mtime_ns))


@cache
def _digest(name: str, _changed_ns: int) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]
