"""Text from people, made safe to show on a terminal: nothing in it can steer the screen or turn the line."""

import unicodedata
from collections.abc import Iterable

#: Control, surrogate, private use, unassigned (it may be anything in a later Unicode), line and paragraph breaks.
_CONTROL_CATEGORIES = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_DIRECTION_CONTROLS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff")


def escape_controls(text: str) -> str:
    """The text with every character that could act instead of show written out as `‹U+001B›`."""
    return "".join(f"‹U+{ord(char):04X}›" if _is_control(char) else char for char in text)


def escape_unseen(text: str) -> str:
    """The same, with what nobody sees and blanks that look like the common one written out too."""
    return "".join(f"‹U+{ord(char):04X}›" if _is_control(char) or _is_unseen(char) else char for char in text)


def safe_excerpt(text: str, most: int = 40) -> str:
    """The text safe to show, cut after `most` characters."""
    return escape_controls(text if len(text) <= most else text[:most] + "…")


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in _CONTROL_CATEGORIES or char in _DIRECTION_CONTROLS


def _is_unseen(char: str) -> bool:
    return char != " " and unicodedata.category(char) in ("Cf", "Zs")


def format_names(names: Iterable[str]) -> str:
    """Names as a message lists them, each quoted and safe to show; a dash where there are none."""
    return ", ".join(repr(escape_controls(name)) for name in names) or "-"
