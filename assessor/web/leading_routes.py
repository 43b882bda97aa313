"""What whoever leads a workshop can ask for: the rows of the table that are theirs, all under `/w/{workshop}`."""

from typing import Final

from assessor.web.table import Page

LEADING: Final[tuple[Page, ...]] = ()
