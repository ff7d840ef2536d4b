"""The board: a service day as the dispatcher sees it."""

from web.board import finding, steps  # noqa: F401 - its views are the board's too
from web.board.views import bp

__all__ = ["bp"]
