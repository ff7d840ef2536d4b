"""The week view: seven days' load side by side."""

from web.week.views import bp

__all__ = ["bp"]
