"""Reports over past days: charts, tables, and files to take away."""

from web.reports.views import bp

__all__ = ["bp"]
