"""Workshops, their respondents, and every act done in them.

Only adds tables and indexes; existing rows stay as they are.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Sorted by bytes on a server too, whatever its locale, as in SQLite.
_TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """The second schema: the tables, then the indexes."""
    _create_workshop()
    _create_respondent()
    _create_act()
    for table in ("collaboration", "assessment", "workshop", "respondent"):
        op.create_index(f"{table}_place", table, ["place"])  # a new row comes after the last


def _create_workshop() -> None:
    op.create_table(
        "workshop",
        _id(),
        _id("library"),
        _text("name"),
        _text("code"),
        _text("secret"),
        _number("opened"),
        _number("place"),
        sa.UniqueConstraint("code", name="workshop_code"),
    )
    op.create_index("workshops_of_library", "workshop", ["library"])


def _create_respondent() -> None:
    op.create_table(
        "respondent",
        _id(),
        _id("workshop"),
        _text("name"),
        _text("side"),
        _text("language"),
        _text("token"),
        _text("link"),
        _number("joined"),
        _text("key"),
        _number("place"),
        sa.UniqueConstraint("workshop", "key", name="respondent_key"),
    )
    op.create_index("respondents_by_token", "respondent", ["token"])
    op.create_index("respondents_by_link", "respondent", ["link"])


def _create_act() -> None:
    op.create_table(
        "act",
        _id("workshop"),
        _number("seq"),
        _text("kind"),
        _text("subject"),
        _text("item"),
        _text("value"),
        _number("at"),
        _text("key"),
        sa.PrimaryKeyConstraint("workshop", "seq", name="act_seq"),
        sa.UniqueConstraint("workshop", "key", name="act_key"),
    )
    op.create_index("acts_on", "act", ["subject"])
    # A note is longer than a server's index can hold; only these are looked for.
    op.create_index("acts_with", "act", ["kind", "value"], postgresql_where=sa.text("kind IN ('agreed', 'invited')"))
    op.create_index("assessments_by_respondent", "assessment", ["respondent"])


def _id(of: str | None = None) -> sa.Column[str]:
    """The primary key, or a reference to the table `of`."""
    if of is None:
        return sa.Column("id", _TEXT, primary_key=True)
    return sa.Column(of, _TEXT, sa.ForeignKey(f"{of}.id", name=f"of_{of}"), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, _TEXT, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)
