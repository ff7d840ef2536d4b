"""Runs the migrations on the connection that `dispatch.store.migrate` hands in, inside its transaction."""

from alembic import context

from dispatch.store.convert import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
