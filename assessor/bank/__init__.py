"""Banks: YAML text to an instrument and its wording, or every problem in it at once; and proofs about the rules.

Importing this does not import PyYAML, and neither does loading a bank that is kept.
"""

from assessor.bank.case import UNDETERMINED, CalibrationCase, Case
from assessor.bank.errors import BankRefused, NoPartySide, NoSuchBank, NoSuchWording, SnapshotUnreadable
from assessor.bank.loading import (
    available_banks,
    calibration_cases,
    check_bank,
    has_party_side,
    instrument_from_snapshot,
    languages,
    languages_in_snapshot,
    load,
    load_cases,
    load_migrations,
    load_party_wording,
    load_sides,
    load_wording,
    nearest_language,
    party_items,
    remember_instruments,
    take_snapshot,
    wording_from_snapshot,
)
from assessor.bank.problems import BankProblem
from assessor.bank.summary import InstrumentSummary, describe

__all__ = [
    "UNDETERMINED",
    "BankProblem",
    "BankRefused",
    "CalibrationCase",
    "Case",
    "InstrumentSummary",
    "NoPartySide",
    "NoSuchBank",
    "NoSuchWording",
    "SnapshotUnreadable",
    "available_banks",
    "calibration_cases",
    "check_bank",
    "describe",
    "has_party_side",
    "instrument_from_snapshot",
    "languages",
    "languages_in_snapshot",
    "load",
    "load_cases",
    "load_migrations",
    "load_party_wording",
    "load_sides",
    "load_wording",
    "nearest_language",
    "party_items",
    "remember_instruments",
    "take_snapshot",
    "wording_from_snapshot",
]
