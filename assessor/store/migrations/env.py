"""Alembic's entrance: runs on the connection and in the transaction of the caller, `schema.upgrade_schema`.

Never run from Alembic's own command line, so there is no ini file and no offline mode.
"""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
