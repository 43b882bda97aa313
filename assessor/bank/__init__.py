"""Banks: YAML files to an instrument and its wording, or every problem in them at once; and proofs about the rules.

`open_bank` returns a `Bank`, whose parts (`instrument`, `wording(language)`, `sides`, `migrations`, `cases`) are parsed
when first asked for. Other packages import from here; only the commands for bank authors reach further in, to
`scaffold`, `json_schema` and `key_help`.

The way of a file through the package:

- `bank_files` reads its bytes, `yaml_reader` turns them into `yaml_nodes` that keep their line and column;
- `file_format` describes every key once, in the kinds of `value_kinds`, which check nodes and build values;
- `instrument_parsing`, `wording_parsing`, `draft_wording`, `party`, `case_parsing` and `migration_parsing` check what
  the description cannot: that ids are known, texts complete, conditions sound;
- `parsing` calls these and gathers their `problems`; `proofs` examines the compiled rules;
- `cache` keeps the results on disk, `loading` offers them as a `Bank`.

Importing this package does not import PyYAML, and opening a bank that is in the cache does not either: the import would
delay the first question at every start.
"""

from assessor.bank.bank_files import display_path, find_folder, is_bank, nearest_language
from assessor.bank.case import UNDETERMINED, CalibrationCase, Case
from assessor.bank.errors import BankRefused, NoPartySide, NoSuchBank, NoSuchWording, SnapshotUnreadable, TwoBanks
from assessor.bank.loading import (
    DEFAULT_BANK,
    Bank,
    LatestBank,
    available_banks,
    check_bank,
    find_typed_bank,
    instrument_from_snapshot,
    open_bank,
    open_snapshot,
)
from assessor.bank.problems import BankProblem
from assessor.bank.summary import CheckScope, InstrumentSummary, check_scope, describe

__all__ = [
    "DEFAULT_BANK",
    "UNDETERMINED",
    "Bank",
    "BankProblem",
    "BankRefused",
    "CalibrationCase",
    "Case",
    "CheckScope",
    "InstrumentSummary",
    "LatestBank",
    "NoPartySide",
    "NoSuchBank",
    "NoSuchWording",
    "SnapshotUnreadable",
    "TwoBanks",
    "available_banks",
    "check_bank",
    "check_scope",
    "describe",
    "display_path",
    "find_folder",
    "find_typed_bank",
    "instrument_from_snapshot",
    "is_bank",
    "nearest_language",
    "open_bank",
    "open_snapshot",
]
