"""How large a table from outside may be."""

from dispatch.errors import BadInput

LIMIT_BYTES = 5 * 1024 * 1024
LIMIT_ROWS = 20_000
LIMIT_COLUMNS = 50


def check_bytes(filename: str, size: int) -> None:
    """Refuse a file that is larger than may be read, saying how large it is."""
    if size > LIMIT_BYTES:
        tenths = -(-size * 10 // 2**20)
        size_mib = f"{tenths // 10}.{tenths % 10}"
        raise BadInput("formats.too_large", file=filename, limit_mib=LIMIT_BYTES // 2**20, size_mib=size_mib)


def check_size(filename: str, rows: int, columns: int) -> None:
    """Refuse a table beyond the limits while it is being read."""
    if rows > LIMIT_ROWS + 1:
        raise BadInput("formats.too_many_rows", file=filename, limit=LIMIT_ROWS)
    if columns > LIMIT_COLUMNS:
        raise BadInput("formats.too_many_columns", file=filename, limit=LIMIT_COLUMNS, row=rows)
