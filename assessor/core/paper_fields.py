"""The names of a paper form's fields and the identity stored in it: what the form's maker and its reader agree on.

`report` makes forms, `exchange` reads them. An item's field has the item's id. No id has a hyphen, so the other names
cannot be mistaken for one.
"""

import json
import re
from dataclasses import asdict, dataclass
from typing import Final, Literal

from assessor.core.entries import STEP_PARTS
from assessor.core.instrument import Instrument
from assessor.core.json_nesting import is_nested_deeper
from assessor.core.months import UNTIL_FURTHER_NOTICE
from assessor.core.responses import DONT_KNOW

#: Rises when a field is named otherwise, so that an old form is not misread.
FORM_VERSION: Final = 1

#: The field, and the entry among a document's facts, that hold the identity.
IDENTITY_FIELD: Final = "assessor-form"

PARTY_FIELD: Final = "name-party"
UNDERTAKING_FIELD: Final = "name-undertaking"
LIBRARY_FIELD: Final = "name-library"
RESPONDENT_FIELD: Final = "name-respondent"
GUT_FIELD: Final = "gut-feeling"
WANTED_FIELD: Final = "wanted-level"
NOTE_PREFIX: Final = "note-"
GAIN_PREFIX: Final = "gain-"
#: Before an item's id: when its paper ends, as a tick, and as a month that is written.
ENDS_PREFIX: Final = "ends-"
END_MONTH_PREFIX: Final = "ends-month-"
GOAL_FIELD: Final = "goal-text"
#: The number of the item whose note may be quoted; 0 for the remarks on the whole.
QUOTED_FIELD: Final = "quoted-note"
#: Before a part of `entries.STEP_PARTS`.
STEP_PREFIX: Final = "step-"

#: Of the names, in the order of the page.
NAME_FIELDS: Final = (PARTY_FIELD, UNDERTAKING_FIELD, LIBRARY_FIELD, RESPONDENT_FIELD)

_COPY_PATTERN: Final = re.compile(r"([1-9][0-9]{0,3})\.(.+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class FormField:
    """One place to fill in."""

    name: str
    #: One of several, yes or nothing, or words.
    kind: Literal["choice", "tick", "text"]
    #: What a choice offers; a tick has one, "yes".
    options: tuple[str, ...] = ()
    #: Whether earlier forms lack it; one that is filled in without it is read all the same.
    optional: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FormIdentity:
    """Which questions, in which version, a form asks."""

    instrument: str
    version: str
    digest: str
    language: str
    #: The day it was made, as in 2026-11-22: the same collaboration on a later form is assessed anew.
    made: str
    #: Collaborations in the file; with more than one, their fields' names begin with their numbers.
    copies: int
    #: Whose view it asks for: the library's, or the other party's own.
    side: str = "us"


def collaboration_fields(instrument: Instrument) -> tuple[FormField, ...]:
    """Every field that one collaboration has on a form, in the order of the page."""
    return (
        *(FormField(name=name, kind="text") for name in NAME_FIELDS),
        FormField(name=GUT_FIELD, kind="choice", options=(*instrument.placements, DONT_KNOW)),
        *_wanted_level_fields(instrument),
        *(field for item in instrument.items for field in _item_fields(item.id, item.options)),
        *(field for item in instrument.ends for field in _paper_end_fields(item)),
        *(FormField(name=GAIN_PREFIX + gain, kind="tick", options=("yes",)) for gain in instrument.gains),
        *(FormField(name=name, kind="text", optional=True) for name in beside_fields(instrument)),
        FormField(name=QUOTED_FIELD, kind="text", optional=True),
        FormField(name=NOTE_PREFIX, kind="text"),
    )


def beside_fields(instrument: Instrument) -> tuple[str, ...]:
    """The lines for what is told beside the items: the goal that is served, and the next step."""
    goal = (GOAL_FIELD,) if instrument.serves else ()
    return (*goal, *(STEP_PREFIX + part for part in STEP_PARTS))


def _paper_end_fields(item: str) -> tuple[FormField, FormField]:
    return (
        FormField(name=ENDS_PREFIX + item, kind="choice", options=(UNTIL_FURTHER_NOTICE, DONT_KNOW), optional=True),
        FormField(name=END_MONTH_PREFIX + item, kind="text", optional=True),
    )


def _wanted_level_fields(instrument: Instrument) -> tuple[FormField, ...]:
    offered = (*instrument.placements, DONT_KNOW)
    return (FormField(name=WANTED_FIELD, kind="choice", options=offered),) if instrument.levels else ()


def _item_fields(item: str, options: tuple[str, ...]) -> tuple[FormField, FormField]:
    return (
        FormField(name=item, kind="choice", options=(*options, DONT_KNOW)),
        FormField(name=NOTE_PREFIX + item, kind="text"),
    )


def field_name_in_copy(name: str, copy: int, copies: int) -> str:
    """A field's whole name in one of several collaborations, counted from 1."""
    return f"{copy}.{name}" if copies > 1 else name


def split_field_name(whole: str, copies: int) -> tuple[int, str]:
    """The collaboration's number and the field's name; number 0 if the form has no such collaboration."""
    if copies == 1:
        return 1, whole
    match = _COPY_PATTERN.fullmatch(whole)
    number = int(match[1]) if match else 0
    return (number, match[2]) if match and number <= copies else (0, whole)


def dump_identity(identity: FormIdentity) -> str:
    """The identity as the text stored in the file."""
    facts = {"form": FORM_VERSION, **asdict(identity)}
    if identity.side == "us":
        del facts["side"]  # as it has always been, so that earlier versions read it
    return json.dumps(facts, ensure_ascii=True, separators=(",", ":"))


def parse_identity(text: str) -> FormIdentity | None:
    """The identity in a file's text; None if it is none of this version."""
    if is_nested_deeper(text.encode("utf-8", "replace"), 1):
        return None
    try:
        plain = json.loads(text)
        if plain.pop("form") != FORM_VERSION:
            return None
        identity = FormIdentity(**plain)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    texts = (identity.instrument, identity.version, identity.digest, identity.language, identity.made)
    is_valid = (
        all(isinstance(text_field, str) for text_field in texts)
        and type(identity.copies) is int
        and identity.copies > 0
        and identity.side in ("us", "them")
    )
    return identity if is_valid else None
