"""The API for other programs: its blueprint, and the document and the page that describe it."""

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, jsonify, render_template
from werkzeug.wrappers import Response

from web.access import Door, needs
from web.api.v1 import bookings, events, plans, slots
from web.api.v1.describe import Operation
from web.api.v1.openapi import ABOUT, document, shapes
from web.api.v1.serve import add_operation
from web.phone.pace import Pace

if TYPE_CHECKING:
    from flask import Flask

OPERATIONS: tuple[Operation, ...] = (
    *bookings.OPERATIONS,
    *slots.OPERATIONS,
    *plans.OPERATIONS,
    *events.OPERATIONS,
)
SCHEMAS = shapes(OPERATIONS)

bp = Blueprint("api_v1", __name__, url_prefix="/api/v1")
for operation in OPERATIONS:
    add_operation(bp, operation, SCHEMAS)


@bp.get("/openapi.json")
@needs(Door.PUBLIC)
def openapi() -> Response:
    """Give the OpenAPI document."""
    return jsonify(document(OPERATIONS, url=current_app.config["PUBLIC_URL"]))


@bp.get("/docs")
@needs(Door.PUBLIC)
def docs() -> str:
    """Show the API to those who write programs for it."""
    whole = document(OPERATIONS, url=current_app.config["PUBLIC_URL"])
    return render_template("api/docs.html", document=whole, about=ABOUT.strip().split("\n\n"))


def install(app: "Flask", *, per_minute: int) -> None:
    """Serve the API; each token may ask so many times a minute."""
    app.extensions["laluan_api_pace"] = Pace(per_minute)
    app.register_blueprint(bp)
