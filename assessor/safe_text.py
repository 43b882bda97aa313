"""Text from people, made safe to show on a terminal: nothing in it can steer the screen or turn the line."""

import unicodedata

#: Control, format that turns direction, private use, surrogate, unassigned line breaks.
_HARMFUL = {"Cc", "Cs", "Co", "Zl", "Zp"}
_TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff")


def safe(text: str) -> str:
    """The text with every character that could act instead of show written out as `‹U+001B›`."""
    return "".join(f"‹U+{ord(char):04X}›" if _harmful(char) else char for char in text)


def _harmful(char: str) -> bool:
    return unicodedata.category(char) in _HARMFUL or char in _TURNING
