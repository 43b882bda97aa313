"""The texts of one instrument in one language, by id; nothing here decides anything. `bank` builds these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, kw_only=True, slots=True)
class StepWords:
    """What to do next to bring a response to an option: a call to action and how to begin."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionWords:
    """How an option is offered, told as a reason, advised and lost."""

    #: What is chosen, as one would say it.
    label: str
    #: Two to five words for tables and chips.
    short: str
    #: A whole sentence that tells the response as a reason, without a full stop.
    reason: str
    #: An example beneath the label; often none.
    example: str = ""
    #: Present for every option that has an effort in the instrument.
    step: StepWords | None = None
    #: How this response may be lost ("If the agreement runs out"), a clause; for every option that slips.
    slip: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryWords:
    """A collaboration in a sentence or two, and what its people answer to an item."""

    text: str
    #: Id of the option that it leads to.
    option: str
    #: Why that option and no other.
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemWords:
    """How an item is asked."""

    #: A heading of two to five words.
    short: str
    #: The question as a colleague would ask it.
    ask: str
    hint: str = ""
    options: Mapping[str, OptionWords]
    #: For who asks for help; None where the bank tells none.
    story: StoryWords | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementWords:
    """How a placement is named and told."""

    #: "Strategic partnership".
    name: str
    #: "Strategic partnerships".
    plural: str
    #: The name within a sentence, with its article where the language has one: "a strategic partnership".
    within: str
    #: One line beneath the name, without a full stop.
    line: str
    #: Two or three sentences.
    about: str
    #: What to think of next when it stands here; never that it ought to be higher.
    advice: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkWords:
    """How a mark or a signal is named, and what it means."""

    name: str
    about: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftKind:
    """A kind of draft: what it is called, how it begins and how it ends."""

    name: str
    opening: tuple[str, ...]
    closing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftClauses:
    """What a response puts into a draft."""

    #: By option id; empty where the response supports no clause.
    options: Mapping[str, str]
    #: Lines with blanks, for a don't know and for no response.
    unknown: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftSection:
    """A part of a draft under a heading of its own."""

    heading: str
    #: Lines that always stand there, by the id of the draft's kind.
    lines: Mapping[str, tuple[str, ...]]
    #: The kinds in which it stands; all where empty.
    kinds: tuple[str, ...] = ()
    #: Clauses by item id.
    items: Mapping[str, DraftClauses] = field(default_factory=dict)
    #: After them, what the library hopes for: `{gains}`.
    gains: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftWords:
    """The words of drafts to sign.

    In every text `{library}`, `{party}` and `{undertaking}` stand for names, `{ends}` for the end of the paper in
    force, `{goal}` for the library's goal that is served, and `[what]` is a blank to fill in.
    """

    #: How a blank says what belongs there: `{what}`.
    fill: str
    #: On top, to be struck out before signing: `{date}`.
    note: str
    #: Added to it where the placement is a range: `{placements}`.
    lower: str
    #: The blank for an undertaking without a name.
    undertaking: str
    #: By id: intent, agreement, amendment, renewal; of the last two None where the bank has no words for them.
    kinds: Mapping[str, DraftKind | None]
    sections: tuple[DraftSection, ...]
    signing: str
    #: For each party, which is named above them.
    signatures: tuple[str, ...]
    #: The blanks for an end and a goal that nobody has said.
    ends: str = ""
    goal: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CountedWords:
    """What is said of one and of several; `{number}`, `{all}` and `{month}` stand for what is counted."""

    one: str
    other: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingWords:
    """The words of the finding that is the title of a library's report."""

    #: Numbers as words from 0, for `{number}` and for `{all}`, which may need another case.
    numbers: tuple[str, ...] = ()
    numbers_of_all: tuple[str, ...] = ()
    #: By placement id of a level: how many of all stand there.
    placements: Mapping[str, CountedWords] = field(default_factory=dict)
    #: That none stands on the highest level.
    none: str = ""
    #: By the id of the item that may slip, that some of them would lose their level by it.
    slips: Mapping[str, CountedWords] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class CourseWords:
    """The words of one row of a workshop's course."""

    #: Without a full stop.
    title: str
    do: str
    #: Without quotation marks.
    say: tuple[str, ...]


#: The program's sentences that a bank may word anew where it does not speak of levels, as they are in English; of those
#: that are counted, the one of one and the one of several.
LEVEL_SENTENCES: Final = (
    "level {number}",
    "Level {number}",
    "{name} (level {level})",
    "Level {number} of the model's {count}",
    "At least level {number}",
    "Beside the levels",
    "Wanted level",
    "Which level do you want for this collaboration?",
    "A lower level may be right, and a purchase may stay a purchase.",
    "The library wants {placement}: a lower level may be right.",
    "There is no level above this one.",
    "None of the steps the model would advise leads to a level from here.",
    "Today a single change is enough to lose the level.",
    "One change from losing the level: {names}.",
    "one change from losing its level",
    "one of them is one change away from losing its level",
    "{number} of them are one change away from losing their level",
    "{number} is one change away from losing its level.",
    "{number} are one change away from losing their level.",
    "{number} stands on one of the model's levels.",
    "{number} stand on one of the model's levels.",
    "None of {all} collaborations stands on a level of the model",
    "stands on a level of the model",
    "stand on a level of the model",
    "stands beside the levels",
    "stand beside the levels",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """All wording of an instrument in one language."""

    #: As its file is named: sv, or sv_FI for a variant.
    language: str
    #: Of the questionnaire.
    name: str
    #: What is asked about and how to answer, before the first question.
    about: str
    items: Mapping[str, ItemWords]
    placements: Mapping[str, PlacementWords]
    marks: Mapping[str, MarkWords]
    #: Shown beside the placement while a signal holds.
    signals: Mapping[str, MarkWords] = field(default_factory=dict)
    #: The headings of the instrument's sources in this language, by source id.
    headings: Mapping[str, str] = field(default_factory=dict)
    #: What a collaboration may bring, by gain id.
    gains: Mapping[str, str] = field(default_factory=dict)
    #: Paragraphs for the page on the method.
    method: tuple[str, ...] = ()
    #: Paragraphs on what the answers cannot tell.
    limits: tuple[str, ...] = ()
    #: Figures of trials and proofs, for the last line of the report.
    figures: tuple[str, ...] = ()
    #: The words of the report's title; without them the program's own are used.
    findings: FindingWords = field(default_factory=FindingWords)
    #: By one of the program's own sentences about levels (`LEVEL_SENTENCES`), what the bank says instead.
    level_sentences: Mapping[str, str] = field(default_factory=dict)
    #: None where the bank has no drafts in this language.
    drafts: DraftWords | None = None
    #: By row of a workshop's course; None where the bank has none in this language.
    course: Mapping[str, CourseWords] | None = None
