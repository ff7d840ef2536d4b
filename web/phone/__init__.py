"""The pages a therapist opens on her phone, behind her own link."""

from flask import Blueprint

bp = Blueprint("phone", __name__)

# The views register themselves on the blueprint.
from web.phone import aftercare, hers, news, offline, push, seen, signals, views  # noqa: E402, F401
from web.phone.taps import bp as taps_bp  # noqa: E402

__all__ = ["bp", "taps_bp"]
