"""What two copies of an assessment say differently, in sentences: each side with its day, the one that counts last."""

from typing import Final

from assessor.core.merging import Conflict, conflicts
from assessor.core.responses import Assessment, Entry
from assessor.errors import N_
from assessor.local_time import local_day
from assessor.presentation.paper_ends import tell_paper_end
from assessor.presentation.terms import Terms

#: What stands over them.
CONFLICTS_EXPLAINED: Final = N_(
    "Two copies of these answers went apart. Of each pair, what stands last counts; answer the question again to "
    "settle it."
)

_STEP = N_("Step")
#: What is given to the whole, by its kind.
_NAMES = {"gut": N_("Gut feeling"), "wanted": N_("Wanted level"), "gains": N_("What it brings"), "goal": N_("Goal")}


def tell_conflicts(assessment: Assessment, terms: Terms) -> tuple[str, ...]:
    """A sentence for each thing that is to be settled; none where the copies agree, or there is only one."""
    return tuple(tell_conflict(each, terms) for each in conflicts(assessment.history))


def tell_conflict(conflict: Conflict, terms: Terms) -> str:
    """What it is about, and what was given on each side; the last counts until it is answered again."""
    what = _subject(conflict, terms)
    if conflict.kind == "goal":  # its words are the library's, and not known here
        return terms.say("{what}: two different ones were chosen", what=what)
    sides = (
        terms.say("{value} ({day})", value=_told_value(entry, terms), day=terms.brief_date(local_day(entry.at)))
        for entry in conflict.entries
    )
    return f"{what}: {' / '.join(sides)}"


def conflict_on(assessment: Assessment, kind: str, item: str, terms: Terms) -> str:
    """The sentence about one item; empty where nothing is to be settled there."""
    found = (each for each in conflicts(assessment.history) if (each.kind, each.item) == (kind, item))
    return next((tell_conflict(each, terms) for each in found), "")


def _subject(conflict: Conflict, terms: Terms) -> str:
    heading = terms.item_heading(conflict.item) if conflict.item in terms.wording.items else ""
    match conflict.kind:
        case "response":
            return heading or conflict.item
        case "ends":
            return terms.say("{paper}: ends", paper=heading or conflict.item)
        case "note":
            return f"{terms.say('Note')}, {heading}" if heading else terms.say("Note")
        case "quoted":
            return terms.say("Quoting the note")
        case _:
            return terms.say(_NAMES.get(conflict.kind, _STEP))


def _told_value(entry: Entry, terms: Terms) -> str:
    """What was given, in words; the bank's where it has them."""
    if not entry.value:
        return terms.say("None of these") if entry.kind == "gains" else terms.say("taken back")
    match entry.kind:
        case "response":
            known = entry.item in terms.wording.items
            return terms.short_response(entry.item, entry.value) if known else entry.value
        case "gut" | "wanted":
            known = entry.value in terms.wording.placements
            return terms.numbered_name(entry.value) if known else terms.say("Don't know")
        case "gains":
            return ", ".join(terms.wording.gains.get(gain, terms.say("Don't know")) for gain in entry.value.split())
        case "ends":
            return tell_paper_end(entry.value, terms)
        case "quoted":
            return terms.say("it may be quoted") if entry.value == "yes" else terms.say("it may not be quoted")
        case _:
            return terms.say("“{text}”", text=entry.value)
