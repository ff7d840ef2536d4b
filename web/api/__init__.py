"""JSON: the map as it is now for the board, and problems solved for other programs."""

from web.api.solve import bp as solve_bp
from web.api.views import bp

__all__ = ["bp", "solve_bp"]
