"""The pages a therapist opens on her phone, behind her own link."""

from flask import Blueprint

bp = Blueprint("phone", __name__)

from web.phone import seen, views  # noqa: E402, F401  # the views register themselves on the blueprint
