"""How large a table from outside may be."""

from dispatch.errors import BadInput

LIMIT_BYTES = 5 * 1024 * 1024
LIMIT_ROWS = 20_000
LIMIT_COLUMNS = 50


def check_size(filename: str, rows: int, columns: int) -> None:
    """Refuse a table beyond the limits while it is being read."""
    if rows > LIMIT_ROWS + 1:
        raise BadInput("formats.too_many_rows", file=filename, limit=LIMIT_ROWS)
    if columns > LIMIT_COLUMNS:
        raise BadInput("formats.too_many_columns", file=filename, limit=LIMIT_COLUMNS, row=rows)
