"""Banks: YAML text to an instrument and its wording, or every problem in it at once; and proofs about the rules.

Importing this imports neither pydantic nor PyYAML, and neither does loading a bank that is kept.
"""

from assessor.bank.case import UNDETERMINED, CalibrationCase, Case
from assessor.bank.errors import BankRefused, NoPartySide, NoSuchBank, NoSuchWording, SnapshotUnreadable
from assessor.bank.loading import (
    available,
    calibration,
    cases,
    check,
    from_snapshot,
    has_party,
    languages,
    languages_in_snapshot,
    load,
    migrations,
    nearest,
    party_items,
    party_wording,
    remember,
    sides,
    snapshot,
    wording,
    wording_from_snapshot,
)
from assessor.bank.problems import Problem
from assessor.bank.summary import Summary, describe

__all__ = [
    "UNDETERMINED",
    "BankRefused",
    "CalibrationCase",
    "Case",
    "NoPartySide",
    "NoSuchBank",
    "NoSuchWording",
    "Problem",
    "SnapshotUnreadable",
    "Summary",
    "available",
    "calibration",
    "cases",
    "check",
    "describe",
    "from_snapshot",
    "has_party",
    "languages",
    "languages_in_snapshot",
    "load",
    "migrations",
    "nearest",
    "party_items",
    "party_wording",
    "remember",
    "sides",
    "snapshot",
    "wording",
    "wording_from_snapshot",
]
