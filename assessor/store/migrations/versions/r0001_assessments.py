"""Libraries, parties, collaborations, instruments, assessments and everything given in them.

A released migration is never changed: stores in the field were made by it. Its helpers stand in the file itself for
the same reason, though the next migration repeats them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: Sorted by bytes on a server too, whatever its locale, as in SQLite.
_TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """The first schema."""
    _what_is_assessed()
    _what_was_given()


def _id(of: str | None = None) -> sa.Column[str]:
    """The primary key, or a reference to the table `of`."""
    if of is None:
        return sa.Column("id", _TEXT, primary_key=True)
    return sa.Column(of, _TEXT, sa.ForeignKey(f"{of}.id", name=f"of_{of}"), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, _TEXT, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _what_is_assessed() -> None:
    op.create_table("library", _id(), _text("name"), sa.UniqueConstraint("name", name="library_name"))
    op.create_table(
        "party", _id(), _id("library"), _text("name"), sa.UniqueConstraint("library", "name", name="party_name")
    )
    op.create_table(
        "collaboration",
        _id(),
        _id("party"),
        _text("undertaking"),
        _number("place"),
        sa.UniqueConstraint("party", "undertaking", name="collaboration_undertaking"),
    )


def _what_was_given() -> None:
    op.create_table("instrument", _id(), _text("name"), _text("version"), _text("digest"), _text("snapshot"))
    op.create_table(
        "assessment",
        _id(),
        _id("collaboration"),
        _id("instrument"),
        _text("respondent"),
        _number("started"),
        _number("place"),
    )
    op.create_index("assessments_of_collaboration", "assessment", ["collaboration"])
    op.create_index("assessments_with_instrument", "assessment", ["instrument"])
    op.create_table(
        "entry",
        _id("assessment"),
        _number("seq"),
        _text("kind"),
        _text("item"),
        _text("value"),
        _number("at"),
        _text("key"),
        sa.PrimaryKeyConstraint("assessment", "seq", name="entry_seq"),
        sa.UniqueConstraint("assessment", "key", name="entry_key"),
    )
