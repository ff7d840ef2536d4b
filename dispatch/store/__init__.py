"""Keeps everything, in SQLite or PostgreSQL; the only home of SQLAlchemy and Alembic.

`open_store(url)` opens the database, `with store.writing() as tx:` is one transaction. What a transaction can do is
said by `Reading` and `Writing`.
"""

from dispatch.store.store import Store, open_store
from dispatch.store.transaction import Reading, Writing

__all__ = ["Reading", "Store", "Writing", "open_store"]
