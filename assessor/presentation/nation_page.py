"""A quarter's picture of a nation in words: what is found in how many libraries, and how sure that is."""

from collections.abc import Iterator
from dataclasses import dataclass

from assessor.core.nation import (
    PARTY_BENEFITS,
    PARTY_RESPONDED,
    CountRange,
    NationPicture,
    NationSnapshot,
    placement_counted,
)
from assessor.core.portfolio import MIN_LIBRARIES
from assessor.presentation.terms import Terms


@dataclass(frozen=True, kw_only=True, slots=True)
class CountRow:
    """One count as it is shown."""

    name: str
    #: "between 30 and 44 of 61".
    range: str
    #: Whether that is more than half; empty where it is a part of another count, which half would say nothing of.
    tells: str
    #: Per cent of all, where the range begins, and how wide it is.
    start: int
    width: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NationPage:
    """The picture as its page shows it."""

    quarter: str
    libraries: int
    placements: tuple[CountRow, ...]
    parties: tuple[CountRow, ...]
    #: Why nothing is told of the parties' word; empty where something is, or where nobody was asked for it.
    no_parties: str
    #: By their quarters, how many libraries each of its snapshots counts, and when.
    snapshots: tuple[tuple[str, str], ...]


def nation_page(picture: NationPicture, terms: Terms) -> NationPage:
    """What the page of a picture shows in a language; placements that the bank no longer has are left out."""
    rows = {each: _row(each, name, picture, terms) for each, name in count_names(picture, terms).items()}
    asked, told = PARTY_RESPONDED in picture.counted, picture.tells_of_parties
    few = terms.say(
        "The parties' word is told once they have surely answered in {number} libraries or more.", number=MIN_LIBRARIES
    )
    return NationPage(
        quarter=quarter_name(picture.latest.quarter, terms),
        libraries=picture.libraries,
        placements=tuple(row for each, row in rows.items() if placement_counted(each)),
        parties=tuple(row for each, row in rows.items() if told and not placement_counted(each)),
        no_parties=few if asked and not told else "",
        snapshots=tuple((each.quarter, _snapshot_sentence(each, terms)) for each in picture.snapshots),
    )


def count_names(picture: NationPicture, terms: Terms) -> dict[str, str]:
    """What is counted, by name; the parties' word only where it is told."""
    return dict(_names(picture, terms))


def _names(picture: NationPicture, terms: Terms) -> Iterator[tuple[str, str]]:
    for each in picture.counted:
        placement = placement_counted(each)
        if placement and placement in terms.wording.placements:
            yield each, terms.levelled_name(placement)
        elif each == PARTY_RESPONDED and picture.tells_of_parties:
            yield each, terms.say("Another party has answered for itself")
        elif each == PARTY_BENEFITS and picture.tells_of_parties:
            yield each, terms.say("Most of those parties say that they get something out of it")


def _row(counted: str, name: str, picture: NationPicture, terms: Terms) -> CountRow:
    span = picture.range_of(counted)
    start = 100 * span.low // span.libraries
    return CountRow(
        name=name,
        range=range_sentence(span, terms),
        tells=_what_it_tells(span, terms) if placement_counted(counted) else "",
        start=start,
        width=max(-(-100 * span.high // span.libraries) - start, 1),
    )


def range_sentence(span: CountRange, terms: Terms) -> str:
    """Between which numbers a count lies."""
    if span.low == span.high:
        return terms.say("{number} of {libraries}", number=span.low, libraries=span.libraries)
    return terms.say("between {low} and {high} of {libraries}", low=span.low, high=span.high, libraries=span.libraries)


def _what_it_tells(span: CountRange, terms: Terms) -> str:
    if span.is_most is None:
        return terms.say("may be more or fewer than half")
    return (
        terms.say("more than half of the libraries") if span.is_most else terms.say("fewer than half of the libraries")
    )


def _snapshot_sentence(snapshot: NationSnapshot, terms: Terms) -> str:
    return terms.count(
        "{number} library, as it stood on {day}",
        "{number} libraries, as they stood on {day}",
        snapshot.libraries,
        day=terms.long_date(snapshot.day),
    )


def quarter_name(quarter: str, terms: Terms) -> str:
    """A quarter as people write it."""
    year, number = quarter.split("-Q")
    return terms.say("quarter {number} of {year}", number=number, year=year)
