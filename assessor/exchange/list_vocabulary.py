"""What headings and cells of a list of collaborations may say, in every language of a bank.

People write these lists by hand, in five languages, so what a heading or a cell means is looked up in a vocabulary of
all the bank's wordings, and a word with two meanings is refused, never guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assessor.core.instrument import Instrument
from assessor.core.months import UNTIL_FURTHER_NOTICE
from assessor.core.names import canonical_name
from assessor.core.responses import DONT_KNOW
from assessor.core.wording import Wording
from assessor.errors import N_

#: By these columns a list is known for an export: to add one would make every earlier export unreadable.
IDENTIFYING_COLUMNS: Final = frozenset(
    ("id", "collaboration", "instrument", "version", "digest", "respondent", "started", "changed")
)
#: Columns that only an export has; then those of every list beside the items'.
EXPORT_COLUMNS: Final = ("id", "collaboration", "instrument", "version", "digest", "respondent", "started", "changed")
NAME_COLUMNS: Final = ("party", "undertaking")
OVERALL_COLUMNS: Final = ("gut", "wanted", "gains", "goal", "step", "step.who", "step.when", "note", "quoted")

#: Accepted headings by column; several for one are parted by a bar.
HEADINGS: Final = {
    "party": N_("The other party|Party|Partner|Organisation"),
    "undertaking": N_("Undertaking|What we do together|Collaboration"),
    "gut": N_("Gut feeling"),
    "wanted": N_("Level wanted"),
    "gains": N_("What it brings"),
    "goal": N_("Goal it serves"),
    "step": N_("Next step"),
    "step.who": N_("Next step: who"),
    "step.when": N_("Next step: when"),
    "note": N_("Note|Notes|Comment"),
    "quoted": N_("Note to be quoted|Note for the report"),
}
#: Further words that lists of one's own use, by column.
MORE_HEADINGS: Final = {
    "party": N_(
        "The other parties|Parties|Partners|Organisations|Organization|Organizations|Cooperation partner|"
        "Cooperation partners|Collaboration partner|Collaboration partners|Association|Associations|Institution|"
        "Institutions|Company"
    ),
    "undertaking": N_("Undertakings|Collaborations|Cooperation|Joint activity"),
}
#: Words that mean a column only where it has no better heading, and one column alone has such a word.
WEAK_HEADINGS: Final = {"party": N_("Name|Names"), "undertaking": N_("Project|Projects")}
#: How the name under a column of sums begins, in a row that is no collaboration.
TOTAL_WORDS: Final = N_("Total|Totals|Grand total|In total|Sum|Subtotal")
#: Accepted words for "don't know".
DONT_KNOW_WORDS: Final = N_("Don't know|Do not know|Not known")
#: Accepted words for a paper that holds until somebody ends it.
UNTIL_FURTHER_NOTICE_WORDS: Final = N_("Until further notice|Open-ended")
#: Heading of the column in which a template says what a row lacks.
CHECK_HEADING: Final = N_("Check")
#: Heading of the column of notes to an item.
NOTE_HEADING: Final = N_("{item}: note")
#: Heading of the column that says when a paper ends.
ENDS_HEADING: Final = N_("{item}: ends")


#: Headings that an error offers for a column.
_OFFERED_HEADINGS: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class ListVocabulary:
    """What headings and cells may say, as `normalize_text` makes it, and what is meant by it."""

    #: By heading, the column.
    headings: Mapping[str, str]
    #: By column, what a cell may say and the id that is meant; an exact id takes precedence over words.
    values: Mapping[str, Mapping[str, str]]
    #: By column, texts with different meanings in different languages; under the empty column, headings.
    ambiguous: Mapping[str, Mapping[str, tuple[str, ...]]]
    #: As `headings`, of words that count only where nothing better stands.
    weak_headings: Mapping[str, str]
    #: Beginnings of rows with sums.
    totals: frozenset[str]
    #: Headings of columns that a template has and nothing is read from.
    ignored_headings: frozenset[str]
    #: By column, the texts to offer where a cell says something else.
    choices: Mapping[str, tuple[str, ...]]


def normalize_text(text: str) -> str:
    """A heading or word as it is compared: as a name is kept, case folded, without punctuation around it."""
    return canonical_name(canonical_name(text).casefold()).strip(" .:*?")


def build_vocabulary(
    instrument: Instrument, wordings: Iterable[Wording], terms: Mapping[str, Iterable[str]]
) -> ListVocabulary:
    """What an instrument's columns and cells may say.

    `terms` has the interface's words by column, and those for `dont_know`, in all languages. The choices offered in an
    error are in the words of the first wording and the first of the terms.
    """
    all_wordings = list(wordings)
    unknown = list(terms.get(DONT_KNOW, ()))
    open_ended = list(terms.get(UNTIL_FURTHER_NOTICE, ()))
    choices = _choices_by_column(instrument, all_wordings[0], unknown[0]) if all_wordings and unknown else {}
    choices |= {column: (*open_ended[:1], *unknown[:1]) for column in ends_columns(instrument)}
    ends = _ids_by_word(
        (*((word, UNTIL_FURTHER_NOTICE) for word in open_ended), *((word, DONT_KNOW) for word in unknown)),
        (UNTIL_FURTHER_NOTICE, DONT_KNOW),
    )
    meanings = {
        "": dict(_heading_meanings(instrument, all_wordings, terms)),
        **_value_meanings(instrument, all_wordings, unknown, list(terms.get("note", ()))),
        **dict.fromkeys(ends_columns(instrument), ends),
    }
    unambiguous = {
        column: {word: ids[0] for word, ids in each.items() if len(ids) == 1} for column, each in meanings.items()
    }
    ambiguous_words = {
        column: {word: ids for word, ids in each.items() if len(ids) > 1} for column, each in meanings.items()
    }
    choices["party"] = tuple(terms.get("party", ()))[:_OFFERED_HEADINGS]
    weak = {normalize_text(word): column for column in NAME_COLUMNS for word in terms.get(f"weak.{column}", ())}
    ignored = frozenset(map(normalize_text, terms.get(CHECK_HEADING, ())))
    return ListVocabulary(
        headings=unambiguous.pop(""),
        weak_headings=weak,
        totals=frozenset(map(normalize_text, terms.get(TOTAL_WORDS, ()))),
        values=unambiguous,
        ambiguous=ambiguous_words,
        ignored_headings=ignored,
        choices=choices,
    )


def _heading_meanings(
    instrument: Instrument, wordings: Sequence[Wording], terms: Mapping[str, Iterable[str]]
) -> dict[str, tuple[str, ...]]:
    """By heading, the columns that it may mean, in any language; ids stand for themselves."""
    meanings = [
        (text, column)
        for column, texts in terms.items()
        if column in (*NAME_COLUMNS, *OVERALL_COLUMNS)
        for text in texts
    ]
    for item in instrument.by_id:
        words = [text for wording in wordings for text in _item_headings(wording, item)]
        meanings += [(text, item) for text in words]
        beside = [(NOTE_HEADING, "note"), *([(ENDS_HEADING, "ends")] if item in instrument.ends else [])]
        meanings += [
            (template.format(item=text), f"{item}.{column}")
            for text in words
            for heading, column in beside
            for template in terms.get(heading, ())
            if "{item}" in template
        ]
    notes = (f"{item}.note" for item in instrument.by_id)
    return _ids_by_word(
        meanings, (*NAME_COLUMNS, *OVERALL_COLUMNS, *instrument.by_id, *notes, *ends_columns(instrument))
    )


def ends_columns(instrument: Instrument) -> tuple[str, ...]:
    """The columns that say when papers end."""
    return tuple(f"{item}.ends" for item in instrument.ends)


def _ids_by_word(words: Iterable[tuple[str, str]], ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By word, every id that is meant by it in one language or another."""
    meanings: dict[str, tuple[str, ...]] = {}
    for word, id_ in (*words, *((id_, id_) for id_ in ids)):
        if id_ not in meanings.setdefault(normalize_text(word), ()):
            meanings[normalize_text(word)] += (id_,)
    return meanings


def _choices_by_column(instrument: Instrument, wording: Wording, unknown: str) -> dict[str, tuple[str, ...]]:
    """By column, the short words of what may stand there, for an error to offer."""
    choices = {
        item.id: (*(wording.items[item.id].options[option].short for option in item.options), unknown)
        for item in instrument.items
    }
    choices["wanted"] = (*(wording.placements[placement].name for placement in instrument.placements), unknown)
    choices["gut"] = (*(wording.placements[placement].name for placement in instrument.placements), unknown)
    choices["quoted"] = tuple(wording.items[item].short for item in instrument.by_id)
    choices["gains"] = tuple(wording.gains[gain] for gain in instrument.gains)
    return choices


def _value_meanings(
    instrument: Instrument, wordings: Sequence[Wording], unknown: Sequence[str], whole: Sequence[str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """By column, the ids that each word may mean, in any of the wordings; ids stand for themselves.

    `whole` has the headings of the note to the whole.
    """
    unknown_words = [(word, DONT_KNOW) for word in unknown]
    meanings = {}
    for item in instrument.items:
        option_words = [
            (option, wording.items[item.id].options[option]) for wording in wordings for option in item.options
        ]
        words = [(word, option) for option, each in option_words for word in (each.label, each.short)]
        meanings[item.id] = _ids_by_word((*words, *unknown_words), (*item.options, DONT_KNOW))
    places = [(wording.placements[each].name, each) for wording in wordings for each in instrument.placements]
    places += [(str(number), each) for number, each in enumerate(instrument.levels, start=1)]
    meanings["wanted"] = _ids_by_word((*places, *unknown_words), (*instrument.placements, DONT_KNOW))
    meanings["gut"] = _ids_by_word((*places, *unknown_words), (*instrument.placements, DONT_KNOW))
    gains = [(wording.gains[gain], gain) for wording in wordings for gain in instrument.gains]
    meanings["gains"] = _ids_by_word(gains, instrument.gains)
    headings = [(text, item) for item in instrument.by_id for each in wordings for text in _item_headings(each, item)]
    meanings["quoted"] = _ids_by_word((*headings, *((word, "note") for word in whole)), (*instrument.by_id, "note"))
    return meanings


def _item_headings(wording: Wording, item: str) -> tuple[str, str]:
    return wording.items[item].ask, wording.items[item].short


def find_meaning(known: ListVocabulary, column: str, cell: str) -> str | None:
    """The id that a cell means; None where the cell is ambiguous or means nothing in this column."""
    ids = known.values[column].values()
    return cell.strip() if cell.strip() in ids else known.values[column].get(normalize_text(cell))
