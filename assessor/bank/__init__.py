"""Banks: YAML text to an instrument and its wording, or every problem in it at once; and proofs about the rules.

Importing this imports neither pydantic nor PyYAML, and neither does loading a bank that is kept.
"""

from assessor.bank.case import UNDETERMINED, Case
from assessor.bank.errors import BankRefused, NoSuchBank, NoSuchWording, SnapshotUnreadable
from assessor.bank.loading import (
    available,
    cases,
    check,
    from_snapshot,
    languages,
    load,
    migrations,
    snapshot,
    wording,
    wording_from_snapshot,
)
from assessor.bank.problems import Problem
from assessor.bank.summary import Summary, describe

__all__ = [
    "UNDETERMINED",
    "BankRefused",
    "Case",
    "NoSuchBank",
    "NoSuchWording",
    "Problem",
    "SnapshotUnreadable",
    "Summary",
    "available",
    "cases",
    "check",
    "describe",
    "from_snapshot",
    "languages",
    "load",
    "migrations",
    "snapshot",
    "wording",
    "wording_from_snapshot",
]
