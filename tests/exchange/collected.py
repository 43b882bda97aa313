"""Libraries as they may have been collected, for the tests of export and import."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from assessor.core.entries import STEP_PARTS, current_state
from assessor.core.instrument import Instrument
from assessor.core.library_profile import LOGO_MEDIA, Logo
from assessor.core.months import UNTIL_FURTHER_NOTICE
from assessor.core.responses import DONT_KNOW, Assessment, Collaboration, Entry
from assessor.exchange.profile_document import ProfileDocument

START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

#: Texts that formats like to spoil.
AWKWARD = (
    "one\r\ntwo\rthree\n",
    "  leading and trailing\t ",
    "007",
    "1e5",
    "=1+1",
    "_x0041_",
    "👩‍👩‍👧 and 🏳️‍🌈",
    "\u202eשלום\u202c",
    "e\u0301 and é",
    '"quoted", \\back\\ </script>',
    "\u2028\x7f\x85",
    "x" * 4000,
)


def collaboration(number: int, library: str = "Example Library") -> Collaboration:
    """One of a library's collaborations."""
    return Collaboration(
        id=f"c{number}", library=library, party=f"Party {number}", undertaking="" if number % 2 else "U"
    )


def history_of(entries: Iterable[tuple[str, str, str]]) -> tuple[Entry, ...]:
    """Entries of kind, item and value, one every second; each replaces the one before it of its kind and item."""
    latest: dict[tuple[str, str], str] = {}
    history = []
    for seq, (kind, item, value) in enumerate(entries, 1):
        at, replaces = START + timedelta(seconds=seq, microseconds=seq), tuple(filter(None, [latest.get((kind, item))]))
        entry = Entry(
            seq=seq, kind=kind, item=item, value=value, at=at, key=f"k{seq}", replaces=replaces, who="m1" * (seq % 2)
        )
        latest[kind, item] = entry.key
        history.append(entry)
    return tuple(history)


def assessment(
    id_: str, of: Collaboration, instrument: Instrument, entries: Iterable[tuple[str, str, str]], respondent: str = ""
) -> Assessment:
    """An assessment in which these entries of kind, item and value were given, one every second."""
    history = history_of(entries)
    amount = current_state(history)
    return Assessment(
        id=id_,
        collaboration=of,
        instrument=instrument.id,
        version=instrument.version,
        digest=instrument.digest,
        respondent=respondent,
        **{each.name: getattr(amount, each.name) for each in fields(amount)},
        started=START,
        changed=history[-1].at if history else START,
        history=history,
    )


def entries(instrument: Instrument) -> st.SearchStrategy[list[tuple[str, str, str]]]:
    """Anything that may be given, withdrawn and given again."""
    fit = st.sampled_from(AWKWARD) | st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=30
    )
    placements = st.sampled_from([*instrument.placements, DONT_KNOW, ""])
    responses = st.sampled_from(
        [("response", item.id, value) for item in instrument.items for value in (*item.options, DONT_KNOW, "")]
    )
    notes = st.tuples(st.just("note"), st.sampled_from(["", *instrument.by_id]), fit)
    whole = st.tuples(st.sampled_from(["gut", "wanted"]), st.just(""), placements)
    gains = st.lists(st.sampled_from(instrument.gains), max_size=3).map(lambda ids: ("gains", "", " ".join(ids)))
    ends = st.tuples(st.just("ends"), st.sampled_from(list(instrument.ends) or ["x"]), paper_ends)
    goals = st.sampled_from([("goal", "", goal) for goal in ("g1", "g2", "")])
    steps = st.tuples(
        st.just("step"), st.sampled_from([f"{id_}.{part}" for id_ in ("agreement", "s.1") for part in STEP_PARTS]), fit
    )
    quoted = st.tuples(st.just("quoted"), st.sampled_from(["", *instrument.by_id]), st.sampled_from(["yes", "no", ""]))
    later = goals | steps | quoted | (ends if instrument.ends else goals)
    return st.lists(responses | notes | whole | gains | later, max_size=25)


paper_ends = st.sampled_from(["2027-06", "1999-12", "2199-01", UNTIL_FURTHER_NOTICE, DONT_KNOW, ""])


def profiles() -> st.SearchStrategy[ProfileDocument]:
    """Anything that a library may say of itself."""
    fit = st.sampled_from(AWKWARD) | st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=30
    )
    goals = st.tuples(st.just("goal"), st.sampled_from(["g1", "g2", "g3"]), fit)
    others = st.sampled_from([("next", "", "2027-05"), ("next", "", ""), ("figures", "", "yes"), ("figures", "", "")])
    logos = st.builds(
        Logo, media=st.sampled_from(LOGO_MEDIA), content=st.binary(min_size=1, max_size=90), at=st.just(START)
    )
    return st.builds(
        ProfileDocument,
        history=st.lists(goals | others, max_size=8).map(history_of),
        logo=st.none() | logos,
        members=st.sampled_from([{}, {"m1": "Åsa"}, {"m1": "", "m2": "B"}]),
    )
