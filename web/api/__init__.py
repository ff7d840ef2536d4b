"""JSON for the board: the map as it is now."""

from web.api.views import bp

__all__ = ["bp"]
