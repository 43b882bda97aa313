"""A migration of the kind that loses answers when done carelessly: it rebuilds tables that others refer to."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    recreate = "always" if op.get_bind().dialect.name == "sqlite" else "never"  # a server changes tables in place
    for table in ("library", "party", "assessment"):
        with op.batch_alter_table(table, recreate=recreate) as batch:
            batch.add_column(sa.Column("town", sa.Text, nullable=False, server_default=""))
    op.execute("UPDATE library SET town = 'Provstad'")
