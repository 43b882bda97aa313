"""Libraries as they may have been collected, for the tests of export and import."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from assessor.core.entries import current_state
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW, Assessment, Collaboration, Entry

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


def assessment(
    id_: str, of: Collaboration, instrument: Instrument, entries: Iterable[tuple[str, str, str]], respondent: str = ""
) -> Assessment:
    """An assessment in which these entries of kind, item and value were given, one every second."""
    history = tuple(
        Entry(seq=seq, kind=kind, item=item, value=value, at=START + timedelta(seconds=seq, microseconds=seq))
        for seq, (kind, item, value) in enumerate(entries, 1)
    )
    amount = current_state(history)
    return Assessment(
        id=id_,
        collaboration=of,
        instrument=instrument.id,
        version=instrument.version,
        digest=instrument.digest,
        respondent=respondent,
        responses=amount.responses,
        notes=amount.notes,
        gut=amount.gut,
        wanted=amount.wanted,
        gains=amount.gains,
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
    return st.lists(responses | notes | whole | gains, max_size=25)
