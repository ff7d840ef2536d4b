"""The board: a service day as the dispatcher sees it."""

from web.board.views import bp

__all__ = ["bp"]
