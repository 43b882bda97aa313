"""Responses and verdicts in and out of files: strict and bounded on the way in, the same bytes for the same content
out.

Nothing here opens a file or a store: functions take and return bytes or text, and the use cases do the rest. What comes
in is checked whole before any of it is used, and all that is wrong is reported at once (`file_problems`). Readers:
JSON (`json_reader`), spreadsheets (`spreadsheet_reader`), filled-in PDF forms (`pdf_fields`). Reports and printable
forms are made in `report`.
"""

from assessor.exchange.case_reader import InputCase, read_cases, stream_cases
from assessor.exchange.file_problems import BadFile, TooBig
from assessor.exchange.library_document import LibraryDocument, export_library, read_export
from assessor.exchange.merging import AssessmentDiffers, CollaborationDiffers, MergePlan, OtherLibrary, plan_merge
from assessor.exchange.verdict_document import json_line, verdict_json

__all__ = [
    "AssessmentDiffers",
    "BadFile",
    "CollaborationDiffers",
    "InputCase",
    "LibraryDocument",
    "MergePlan",
    "OtherLibrary",
    "TooBig",
    "export_library",
    "json_line",
    "plan_merge",
    "read_cases",
    "read_export",
    "stream_cases",
    "verdict_json",
]
