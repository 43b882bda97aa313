"""Responses and verdicts in and out of files: strict and bounded at the door, the same bytes for the same content.

Nothing here opens a file or a store; what comes in is checked whole before any of it is used.
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
