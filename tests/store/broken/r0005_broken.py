"""A migration that fails after it has changed something."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM entry")
    op.execute("DELETE FROM library")
