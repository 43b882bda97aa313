"""Banks: YAML text to an instrument and its wording, or every problem in it at once; and proofs about the rules.

`open_bank` gives a `Bank`, a value whose parts are made when first asked for. Importing this does not import PyYAML,
and neither does a bank that was parsed before: it is kept.
"""

from assessor.bank.bank_files import nearest_language
from assessor.bank.case import UNDETERMINED, CalibrationCase, Case
from assessor.bank.errors import BankRefused, NoPartySide, NoSuchBank, NoSuchWording, SnapshotUnreadable
from assessor.bank.loading import (
    Bank,
    LatestBank,
    available_banks,
    check_bank,
    instrument_from_snapshot,
    open_bank,
    open_snapshot,
)
from assessor.bank.problems import BankProblem
from assessor.bank.summary import InstrumentSummary, describe

__all__ = [
    "UNDETERMINED",
    "Bank",
    "BankProblem",
    "BankRefused",
    "CalibrationCase",
    "Case",
    "InstrumentSummary",
    "LatestBank",
    "NoPartySide",
    "NoSuchBank",
    "NoSuchWording",
    "SnapshotUnreadable",
    "available_banks",
    "check_bank",
    "describe",
    "instrument_from_snapshot",
    "nearest_language",
    "open_bank",
    "open_snapshot",
]
