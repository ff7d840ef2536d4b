"""The board: a service day as the dispatcher sees it."""

from web.board import finding, inserting, live, proposal, repairs, road, stale, steps, versions  # noqa: F401 - their views are the board's too
from web.board.views import bp

__all__ = ["bp"]
