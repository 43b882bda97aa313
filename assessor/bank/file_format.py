# ruff: noqa: E501 - a row is one key
"""The files of a bank, each key described once: what it holds, what it means, where it shows, and an example.

The same rows check a file and build its values (`value_kinds`), print its JSON Schema (`json_schema`) and explain a key
to authors (`key_help`). A new key is one row here and one field of the core type that holds it; what depends on other
parts of the bank, such as whether an id is known, is checked in the `..._parsing` modules instead. After a change,
`python tests/bank/renewal.py` writes the schemas and the tables of questions/README.md anew.

A `Table` is a name, a sentence, its rows and the type it builds; without a type it builds a dict, for a module that
needs more than the values. A row is a key of the file, which is the field of that type unless `attribute` says
otherwise. Tables come before those that hold them; `FILES` at the end names the six that are whole files.

The sentences are English and not translated: they address authors of banks, whose keys are English too.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from assessor.bank.case import Case
from assessor.bank.value_kinds import (
    EFFORT,
    FORMAT,
    ID,
    LANGUAGE,
    LEVEL_SENTENCE,
    LEVELS_COUNT,
    RESPONSE,
    SOURCE_ID,
    TEXT,
    TEXT_OR_EMPTY,
    TRUTH,
    URL,
    Key,
    ListOf,
    MapOf,
    Table,
    Unchecked,
)
from assessor.core.course import COURSE_ROWS
from assessor.core.history import Migration, Move
from assessor.core.sides import Gain
from assessor.core.wording import (
    CountedWords,
    CourseWords,
    DraftClauses,
    DraftKind,
    DraftSection,
    DraftWords,
    FindingWords,
    ItemWords,
    MarkWords,
    OptionWords,
    PlacementWords,
    StepWords,
    StoryWords,
    Wording,
)

_optional = partial(Key, required=False)
_IDS = ListOf(ID)
_TEXTS = ListOf(TEXT)
_CONDITION_REF: Mapping[str, Any] = {"$ref": "#/$defs/condition"}
_CONDITION_LIST: Mapping[str, Any] = {"type": "array", "minItems": 1, "items": _CONDITION_REF}


def _nothing() -> None:
    """None, for an optional table that is left out; without it, an empty table would be built."""


def _one_key(key: str, value: Mapping[str, Any], **others: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON Schema of a table with exactly these keys."""
    keys = {key: value, **others}
    return {"type": "object", "properties": keys, "required": list(keys), "additionalProperties": False}


#: What stands after an item's id in a condition: an option, several, or an option and all better ones.
_OPTIONS_OF_ITEM: Mapping[str, Any] = {
    "anyOf": [
        ID.schema,
        {"type": "array", "minItems": 1, "items": ID.schema},
        _one_key("at_least", ID.schema),
    ]
}
#: Read by `condition_parsing`, which knows the items and the named conditions.
CONDITION: Final = Unchecked(
    "condition",
    {
        "description": "What a rule asks of the responses.",
        "anyOf": [
            _one_key("all", _CONDITION_LIST),
            _one_key("any", _CONDITION_LIST),
            _one_key("not", _CONDITION_REF),
            _one_key("is", ID.schema),
            _one_key("at_least", {"type": "integer", "minimum": 1}, of=_CONDITION_LIST),
            {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "propertyNames": ID.schema,
                "additionalProperties": _OPTIONS_OF_ITEM,
            },
        ],
    },
)
#: Read by `instrument_parsing`, which knows the item's options.
RISING: Final = Unchecked(
    "rising",
    {
        "anyOf": [
            {"const": "all"},
            {"type": "array", "minItems": 1, "items": {"type": "array", "minItems": 2, "items": ID.schema}},
        ]
    },
)

# A row is one key: its name, what it holds, what it is, where it shows, and an example
# fmt: off

SOURCE: Final = Table(
    "source",
    "A heading of a document that a criterion comes from.",
    (
        Key("document", TEXT, "Title, author and year as one would cite them, in the document's own language.", "under the question, on the report's page on the method", '"A guide to working together (2021)"'),
        Key("heading", TEXT, "The heading in the document, in its own language.", "after the document", '"What a partnership is"'),
        Key("language", LANGUAGE, "The language tag of the document, so that it is read aloud rightly.", "", "en"),
        _optional("url", URL, "Where the document can be read.", "as a link on the heading", "https://library.example/guide"),
    ),
)

ITEM: Final = Table(
    "item",
    "One thing that is asked.",
    (
        Key("id", ID, "The name by which rules, wording, responses and exports know the item; never change it once used.", "in exports and spreadsheets", "contact"),
        Key("options", ListOf(ID, least=2, most=26), "The ids of the responses that can be given, from worse to better where order means anything.", "", "[never, sometimes, often]"),
        _optional("rising", RISING, "`all` where each option is better than the one before, or lists of options from worse to better; it is proved that a better response never gives a lower level.", "", "all"),
        _optional("when", CONDITION, "The item is asked only while this condition on earlier items may hold.", "", '{paying: "yes"}'),
        _optional("sources", ListOf(SOURCE_ID), "The ids of the headings under `sources` that the item comes from.", "under the question and on the report's page on the method", "[guide.what]"),
        _optional("efforts", MapOf(ID, EFFORT), "What it takes to bring the response to an option, from 1 (a conversation) to 8 (a year's work); an option without an effort is never advised.", "as the way up, the cheapest set of changes to a level", "{sometimes: 1, often: 3}"),
        _optional("slips", MapOf(ID, MapOf(ID, EFFORT)), "From an option to another, how far it is to fall: 1 may happen by itself any day, 2 takes neglect, 3 and more takes a decision.", "as the way down, and as fragile where the level falls by one slip of 1", "{often: {sometimes: 2}}"),
    ),
)

OUTCOME: Final = Table(
    "outcome",
    "A placement and when it holds.",
    (
        Key("id", ID, "The name of the placement, in `levels`, in the wording and in cases.", "in exports", "close"),
        _optional("when", CONDITION, "The condition for the placement; the outcomes are tried in order, and only the last one has none.", "", "{contact: often}"),
    ),
)

MARK: Final = Table(
    "mark",
    "Something told beside the placement and never part of it.",
    (
        Key("id", ID, "The name of the mark or signal in the wording.", "", "regular"),
        Key("when", CONDITION, "The condition on the responses for the mark to be met, or the signal to be told.", "", "{contact: {at_least: sometimes}}"),
        _optional("sources", ListOf(SOURCE_ID), "The ids of the headings under `sources` that it comes from.", "on the report's page on the method", "[guide.what]"),
    ),
)

SIGNAL: Final = Table(
    "signal",
    "A remark told beside the placement while its condition holds for certain; never part of the placement.",
    (
        *MARK.keys,
        _optional("asks_back", TRUTH, "Whether the responses that it reads hardly fit together; the person may let them stand.", "in the interview as soon as they are given, and where the answers are checked", "true"),
    ),
)

INSTRUMENT: Final = Table(
    "instrument",
    "The items, options and rules of a questionnaire, without a word of its wording.",
    (
        _optional("format", FORMAT, "The version of this file format.", "", "1"),
        Key("id", ID, "The name of the questionnaire, by which stored responses know it; never change it once used.", "in exports and on forms", "ladder"),
        Key("version", TEXT, "Rises whenever a rule, an item or an option changes; responses stay with the version they were given under.", "on the report's page on the method, on forms and in exports", '"1.0"'),
        _optional("sources", MapOf(SOURCE_ID, SOURCE), "The headings of documents that the criteria come from, by id.", "under the questions and on the report's page on the method", '{guide.what: {document: "A guide (2021)", heading: "What it is", language: en}}'),
        _optional("levels", _IDS, "The outcomes that are levels, the highest first; the others stand beside the levels.", "as the terraces, and as the number of the level", "[close, loose]"),
        _optional("levels_count", LEVELS_COUNT, "How the levels are numbered for people: `down`, 1 is the highest, as where this is left out; `up`, 1 is the lowest; `none`, by name alone. Exports number them from the highest all the same.", "wherever a level is named", "up"),
        _optional("gains", _IDS, "What a collaboration may bring; asked at the end and never scored.", "as the last question, and in the report", "[reach, skills]"),
        _optional("ends", MapOf(ID, ListOf(ID, least=1)), "For an item, the options that tell of a paper: when it ends is asked right after them, never scored, and may be left.", "after the question, in the report and in the calendar", "{written: [letter, agreement]}"),
        _optional("serves", MapOf(ID, ListOf(ID, least=1)), "For an item, the options that tell of a goal: which of the library's own goals it is, is asked right after them, never scored, and may be left.", "after the question, and in the report", "{plan: [named]}"),
        _optional("followed", MapOf(ID, ListOf(ID, least=1)), "For an item, the options that tell that management follows the collaboration; left out where no level asks that of management.", "on the wall, where level 1 is counted against the managers who can follow it", "{owner: [management]}"),
        _optional("in_force", MapOf(ID, ListOf(ID, least=1)), "For an item, the options that tell that a written agreement is in force: a draft is then an amendment or a renewal.", "as the kind of paper that `assessor draft` makes", "{written: [agreement]}"),
        Key("items", ListOf(ITEM, least=1, most=120), "What is asked, in the order it is asked in.", "one question a page", "[{id: contact, options: [never, often]}]"),
        _optional("conditions", MapOf(ID, CONDITION), "Conditions with a name, for use in others as `{is: name}`.", "", "{steady: {contact: often}}"),
        Key("outcomes", ListOf(OUTCOME, least=1, most=60), "The placements, tried in order; the first whose condition holds is the placement.", "as the placement", "[{id: close, when: {contact: often}}, {id: outside}]"),
        _optional("marks", ListOf(MARK, most=60), "Marks of a good partnership: met, unmet or unknown, beside the placement.", "on the collaboration's page of the report and in the verdict", "[{id: regular, when: {contact: often}}]"),
        _optional("signals", ListOf(SIGNAL, most=60), "Remarks that are told only when their condition holds for certain.", "beside the placement", "[{id: busy, when: {contact: often}}]"),
        _optional("split", _IDS, "The signals on which a second collaboration with the same party is offered.", "at the end of the interview at the keyboard", "[busy]"),
    ),
)

STEP: Final = Table(
    "step",
    "What to do next to bring a response to an option.",
    (
        Key("title", TEXT, "A call to action of a few words.", "as a next step in the report, in the verdict and on the wall", '"Set a day to meet"'),
        Key("text", TEXT, "How to begin, in one to three sentences.", "beneath the step's title", '"Agree on a weekday and put it in both calendars."'),
    ),
    StepWords,
)

OPTION_WORDS: Final = Table(
    "option_words",
    "How an option is offered, told as a reason, advised and lost.",
    (
        Key("label", TEXT, "What is chosen, as one would say it.", "on the button, on the form and in spreadsheets", '"Now and then"'),
        Key("short", TEXT, "Two to five words.", "in tables, on chips and on the board", '"Now and then"'),
        Key("reason", TEXT, "A whole sentence that tells the response as a reason, without a full stop.", "under the placement, in the report and the verdict", '"We talk now and then"'),
        _optional("example", TEXT_OR_EMPTY, "An example of when to choose the option.", "beneath the label", '"A call before each season."'),
        _optional("step", STEP, "What to do to get here; needed for each option with an effort, and for no other.", "as a next step in the report and the verdict", '{title: "Set a day to meet", text: "Agree on a weekday."}', absent=_nothing),
        _optional("slip", TEXT_OR_EMPTY, 'How this response may be lost, as a clause that begins with "If"; needed for each option that slips, and for no other.', "as the way down, under what to look after", '"If nobody calls any more"'),
    ),
    OptionWords,
)

STORY: Final = Table(
    "story",
    "A collaboration in a sentence or two, and what its people answer to the item.",
    (
        Key("text", TEXT, "What the collaboration does, as far as the item asks.", "where somebody asks for help on the question", '"They call each other before every season."'),
        Key("option", ID, "The id of the option that this leads to.", "after the story, by its label", "sometimes"),
        Key("why", TEXT, "Why that option and no other.", "after the story", '"A season is not often, and more than never."'),
    ),
    StoryWords,
)

ITEM_WORDS: Final = Table(
    "item_words",
    "How an item is asked.",
    (
        Key("short", TEXT, "A heading of two to five words.", "in tables, in spreadsheets and on the check-your-answers page", '"How often"'),
        Key("ask", TEXT, "The question as a colleague would ask it.", "as the question, on every page, form and card", '"How often do you talk with them?"'),
        _optional("hint", TEXT_OR_EMPTY, "Help for who hesitates.", "beneath the question", '"Meetings, calls and letters alike."'),
        Key("options", MapOf(ID, OPTION_WORDS), "The words of each option, by its id.", "as the answers to choose from", '{never: {label: "Never", short: "Never", reason: "We never talk"}}'),
        _optional("story", STORY, "A collaboration in a sentence or two, and the option that it leads to.", "where somebody asks for help on the question", '{text: "They call each other before every season.", option: sometimes, why: "It is not often."}', absent=_nothing),
    ),
    ItemWords,
)

PLACEMENT_WORDS: Final = Table(
    "placement_words",
    "How a placement is named and told.",
    (
        Key("name", TEXT, "The name of one such collaboration.", "as the placement, everywhere", '"Close cooperation"'),
        Key("plural", TEXT, "The name of several.", "on the terraces and in the report's overview", '"Close cooperations"'),
        Key("within", TEXT, "The name inside a sentence, with its article where the language has one.", 'in sentences such as "this is …" and "… or …"', '"a close cooperation"'),
        Key("line", TEXT, "One line that tells the placement apart, without a full stop.", "beneath the name on the terraces, the poster and the question what was wanted", '"We talk often"'),
        Key("about", TEXT, "What the placement means, in two or three sentences.", "under the placement in the verdict and the report", '"You talk often and know what the other is doing."'),
        Key("advice", TEXT, "What to think of next when it stands here; never that it ought to be higher.", "as advice in the verdict and the report", '"Write down who calls whom."'),
    ),
    PlacementWords,
)

MARK_WORDS: Final = Table(
    "mark_words",
    "How a mark or a signal is named, and what it means.",
    (
        Key("name", TEXT, "Two to six words.", "beside the placement in the verdict and the report", '"Regular contact"'),
        Key("about", TEXT, "What it means, in one or two sentences.", "with the name", '"You talk at least now and then."'),
    ),
    MarkWords,
)

DRAFT_KIND: Final = Table(
    "draft_kind",
    "A kind of draft.",
    (
        Key("name", TEXT, "What the paper is called.", "as the draft's heading", '"Letter of intent"'),
        Key("opening", _TEXTS, "The paragraphs it begins with.", "at the top of the draft", '["{library} and {party} want to work together."]'),
        Key("closing", _TEXTS, "The paragraphs it ends with, before the signatures.", "at the end of the draft", '["This letter binds nobody."]'),
    ),
    DraftKind,
)

DRAFT_CLAUSES: Final = Table(
    "draft_clauses",
    "What the response to an item puts into a draft.",
    (
        Key("options", MapOf(ID, TEXT_OR_EMPTY), "For each option its clause, with blanks in square brackets where it leaves something to fill in, or an empty text for none.", "in the draft's section", '{never: "", often: "We talk every week."}'),
        Key("unknown", ListOf(TEXT, least=1), "Lines with blanks in square brackets, for a don't know and for no response.", "in the draft, to be filled in by hand", '["How often we talk: [how often]"]'),
    ),
    DraftClauses,
)

_DRAFT_KINDS: Final = ("intent", "agreement", "amendment", "renewal")

#: Kinds whose words a bank may leave out; those of an agreement are taken then.
_KINDS_LIKE_AGREEMENT: Final = ("amendment", "renewal")

DRAFT_LINES: Final = Table(
    "draft_lines",
    "What always stands in a section, by the kind of draft; a kind that is left out has no lines.",
    tuple(
        _optional(kind, _TEXTS, f"The lines in a draft of the kind {kind}.", "first in the draft's section", '["It is about: {undertaking}"]')
        for kind in _DRAFT_KINDS
    ),
)

DRAFT_SECTION: Final = Table(
    "draft_section",
    "A part of a draft under a heading of its own.",
    (
        Key("heading", TEXT, "The heading.", "over the section", '"How we talk"'),
        _optional("kinds", _IDS, "The kinds of draft in which the section stands; all of them where it is left out.", "", "[intent, agreement]"),
        _optional("lines", DRAFT_LINES, "Lines that always stand there, by the kind of draft.", "first in the section", '{intent: ["It is about: {undertaking}"]}'),
        _optional("items", MapOf(ID, DRAFT_CLAUSES), "The clauses of items, by item id; each item of the instrument stands in one section.", "in the section, in this order", '{contact: {options: {never: "", often: "We talk."}, unknown: ["We talk: [how often]"]}}'),
        _optional("gains", TEXT_OR_EMPTY, "A line on what the library hopes for, with `{gains}` where the gains are to stand.", "last in the section", '"The library hopes for: {gains}"'),
    ),
    DraftSection,
)

DRAFT_KINDS: Final = Table(
    "draft_kinds",
    "The kinds of draft.",
    tuple(
        Key(kind, DRAFT_KIND, f"The words of the kind {kind}" + ("; without them those of an agreement are taken." if kind in _KINDS_LIKE_AGREEMENT else "."), f"in `assessor draft` of the kind {kind}", '{name: "Letter", opening: ["{library} and {party}"], closing: ["It binds nobody."]}', required=kind not in _KINDS_LIKE_AGREEMENT, absent=_nothing)
        for kind in _DRAFT_KINDS
    ),
)

DRAFTS: Final = Table(
    "drafts",
    "Drafts to sign; in their texts {library}, {party}, {undertaking}, {ends} and {goal} stand for what is known, and [what] is a blank.",
    (
        Key("fill", TEXT, "How a blank says what belongs there, with `{what}`.", "in each blank of the Word file", '"To fill in: {what}"'),
        Key("note", TEXT, "A paragraph to be struck out before signing, with `{date}` for the day of the answers.", "on top of the draft", "\"Made from the library's answers of {date}.\""),
        Key("lower", TEXT, "What is added where the placement is still open, with `{placements}`.", "after the note", '"It may be {placements}."'),
        Key("undertaking", TEXT, "The blank for an undertaking without a name.", "wherever the undertaking is named", '"[what you do together]"'),
        _optional("ends", TEXT_OR_EMPTY, "The blank for the end of the paper in force, where nobody has said it; `{ends}` stands for the end.", "wherever that end is named", '"[date]"'),
        _optional("goal", TEXT_OR_EMPTY, "The blank for the library's goal that is served, where nobody has said it; `{goal}` stands for the goal.", "wherever that goal is named", '"[which goal]"'),
        Key("kinds", DRAFT_KINDS, "The kinds of draft: intent and agreement, and amendment and renewal for an agreement that is in force.", "as what `assessor draft` offers", '{intent: {name: "Letter", opening: [], closing: []}, agreement: {name: "Agreement", opening: [], closing: []}}'),
        Key("sections", ListOf(DRAFT_SECTION, least=1), "The parts between opening and closing, in order.", "as the body of the draft", '[{heading: "How we talk"}]'),
        Key("signing", TEXT, "The heading over the signatures.", "at the end of the draft", '"Signatures"'),
        Key("signatures", ListOf(TEXT, least=1), "The lines that each party fills in and signs.", "under each party's name", '["Place and date: [place, date]", "Name: [name]"]'),
    ),
    DraftWords,
)

COUNTED_WORDS: Final = Table(
    "counted_words",
    "What is said of one and of several.",
    (
        Key("one", TEXT, "Of one, with `{number}` and `{all}`.", "in the title of the library's report", '"{number} of {all} is close"'),
        Key("other", TEXT, "Of several, with `{number}` and `{all}`.", "in the title of the library's report", '"{number} of {all} are close"'),
    ),
    CountedWords,
)

FINDINGS: Final = Table(
    "findings",
    "The words of the finding that is the title of a library's report.",
    (
        _optional("numbers", _TEXTS, "Numbers as words from 0 on, for `{number}`; larger ones are written in figures.", "in the title", "[no, one, two]"),
        _optional("numbers_of_all", _TEXTS, "The same for `{all}`, where the language has another case for it.", "in the title", "[no, one, two]"),
        _optional("placements", MapOf(ID, COUNTED_WORDS), "For each level, how many of all stand there.", "as the first half of the title", '{close: {one: "{number} of {all} is close", other: "{number} of {all} are close"}}'),
        _optional("none", TEXT_OR_EMPTY, "That none stands on the highest level; begins with a small letter.", "as the second half of the title", '"none is close yet"'),
        _optional("slips", MapOf(ID, COUNTED_WORDS), "For an item that may slip by itself, that some of them hang on it; begins with a small letter.", "as the second half of the title", '{contact: {one: "one of them hangs on a phone call", other: "{number} of them hang on a phone call"}}'),
    ),
    FindingWords,
)

COURSE_ROW: Final = Table(
    "course_row",
    "A row of a workshop's course.",
    (
        Key("title", TEXT, "What it is called, without a full stop.", "in the guide and on the page that leads a room", '"Gut feeling"'),
        Key("do", TEXT, "What the facilitator does.", "beside the title", '"Everybody marks where each stands."'),
        Key("say", ListOf(TEXT, least=1), "What the facilitator can say, without quotation marks.", "beside what to do", '["Go by your gut."]'),
    ),
    CourseWords,
)

COURSE: Final = Table(
    "course",
    "The rows of a workshop, minute by minute; `cases` is left out where the bank has no written cases.",
    tuple(
        Key(row, COURSE_ROW, f"The row {row}.", "in the guide and on the page that leads a room", '{title: "Welcome", do: "Let people join.", say: ["Welcome."]}')
        for row in COURSE_ROWS
    ),
)

WORDING: Final = Table(
    "wording",
    "All wording of the questionnaire in one language; a variant such as sv_FI holds only the words that differ.",
    (
        Key("language", LANGUAGE, "The language tag, as the file is named.", "", "en"),
        Key("name", TEXT, "What the questionnaire is called.", "in `bank list`, on forms and on the report's page on the method", '"A ladder of contact"'),
        Key("about", TEXT, "What is asked about and how to answer, in a few sentences.", "before the first question and on the form", '"The questions are about one collaboration at a time."'),
        Key("items", MapOf(ID, ITEM_WORDS), "The words of each item, by its id.", "as the questions", '{contact: {short: "How often", ask: "How often do you talk?", options: {}}}'),
        Key("placements", MapOf(ID, PLACEMENT_WORDS), "The words of each outcome, by its id.", "as the placement", '{close: {name: "Close", plural: "Close ones", within: "a close one", line: "We talk often", about: "You talk often.", advice: "Go on."}}'),
        _optional("marks", MapOf(ID, MARK_WORDS), "The words of each mark, by its id.", "beside the placement in the verdict and the report", '{regular: {name: "Regular contact", about: "You talk now and then."}}'),
        _optional("signals", MapOf(ID, MARK_WORDS), "The words of each signal, by its id.", "beside the placement while the signal holds", '{busy: {name: "Very busy", about: "You talk more than most."}}'),
        _optional("headings", MapOf(SOURCE_ID, TEXT), "The headings of the instrument's sources in this language, by source id; the original stands beside them.", "where somebody asks for help on the question", '{guide.what: "What it is"}'),
        _optional("gains", MapOf(ID, TEXT), "The words of each gain, by its id.", "as the answers to the last question, and in the report", '{reach: "More people"}'),
        _optional("method", _TEXTS, "Paragraphs on where the model comes from and how it places.", "on the report's page on the method", '["The ladder has two levels."]'),
        _optional("limits", _TEXTS, "Paragraphs on what the answers cannot tell.", "on the report's page on the method", '["Only one side has answered."]'),
        _optional("figures", _TEXTS, "Figures of trials and proofs, which a director does not need.", "in the last line of the report's page on the method", '["Tried on 12 cases."]'),
        _optional("findings", FINDINGS, "The words of the report's title, which is its finding; without them the program's own are used.", "as the title of the library's report", '{none: "none is close yet"}'),
        _optional("level_sentences", MapOf(LEVEL_SENTENCE, TEXT), "Where this questionnaire does not speak of levels: a sentence of the program's about them, as it is in English, and what to say instead, with the same `{fields}`.", "wherever the program would say the sentence", '{"level {number}": "rung {number}"}'),
        _optional("drafts", DRAFTS, "Words for a letter of intent and an agreement; without them `assessor draft` offers none.", "in `assessor draft`", "(see the tables below)", absent=_nothing),
        _optional("course", COURSE, "The rows of a workshop; without them the guide has its own, and the page that leads a room only names them.", "in `assessor guide` and on the page that leads a room", "(see the tables below)", absent=_nothing),
    ),
    Wording,
)

GAIN: Final = Table(
    "gain",
    "Which options of an item say who gets something out of it.",
    (
        Key("item", ID, "The id of the item.", "", "benefit"),
        Key("ours", _IDS, "The options, as the library gives them, that say that the library does.", "as win-win in the workshop's report", "[us, both]"),
        Key("theirs", _IDS, "The options, as the library gives them, that say that the party does.", "as win-win in the workshop's report", "[them, both]"),
    ),
    Gain,
)

SIDES: Final = Table(
    "sides",
    "What the other party is asked, and how its responses turn round; no rule reads this.",
    (
        Key("asked", ListOf(ID, least=1), "The items that the party is asked too.", "as the party's questions in a workshop", "[contact, benefit]"),
        _optional("library_only", _IDS, "The items that only the library can tell; each item stands here or under `asked`.", "", "[strategy]", attribute=None),
        _optional("mirror", MapOf(ID, MapOf(ID, ID)), "For an item, the options that change places when the party says them.", "where the two sides are compared", "{benefit: {us: them}}"),
        _optional("gain", GAIN, "The item that tells who gets something out of it.", "as win-win in the workshop's report", "{item: benefit, ours: [us, both], theirs: [them, both]}", absent=_nothing),
        _optional("wishes", _IDS, "Items that tell whether wishes are known and shared.", "beside who gains in the workshop's report", "[expectations]"),
    ),
)

PARTY_OPTION: Final = Table(
    "party_option",
    "What of an option's words is otherwise for the party.",
    tuple(
        replace(key, required=False) for key in OPTION_WORDS.keys if key.name in ("label", "short", "reason", "example")
    ),
    sparse=True,
)

PARTY_ITEM: Final = Table(
    "party_item",
    "How the party is asked an item.",
    (
        Key("ask", TEXT, "The question as the party is asked it.", "as the party's question", '"How often do you talk with the library?"'),
        _optional("hint", TEXT_OR_EMPTY, "Help for who hesitates, where it is otherwise for the party.", "beneath the party's question", '"Calls and letters alike."'),
        _optional("options", MapOf(ID, PARTY_OPTION), "What of the options' words is otherwise for the party, by option id.", "as the party's answers", '{us: {label: "Only we do"}}'),
    ),
    sparse=True,
)

PARTY_PLACEMENT: Final = Table(
    "party_placement",
    "What of a placement's words is otherwise for the party.",
    tuple(replace(key, required=False) for key in PLACEMENT_WORDS.keys if key.name in ("line", "about", "advice")),
    sparse=True,
)

PARTY_WORDING: Final = Table(
    "party_wording",
    "How the other party is asked in one language; what is not said here is worded as for the library.",
    (
        Key("language", LANGUAGE, "The language tag, as the file is named.", "", "en"),
        Key("about", TEXT, "What the party is asked about and how to answer.", "before the party's first question", '"The questions are about you and the library."'),
        Key("items", MapOf(ID, PARTY_ITEM), "How each item under `asked` is asked of the party.", "as the party's questions", '{contact: {ask: "How often do you talk with the library?"}}'),
        _optional("placements", MapOf(ID, PARTY_PLACEMENT), "What of the placements' words is otherwise for the party, by placement id.", "where the party sees the placement", '{close: {line: "We and the library talk often"}}'),
    ),
)

CASE: Final = Table(
    "case",
    "A collaboration told in words, the responses given to it, and where they lead.",
    (
        Key("id", ID, "The name of the case.", "in `bank check`", "choir"),
        _optional("text", MapOf(LANGUAGE, TEXT), "The collaboration told in a few sentences, by language.", "in a workshop's calibration round", '{en: "A choir sings in our hall every month."}'),
        _optional("keyed", ID, "Where somebody who knows the model places the told case, or `undetermined`.", "after the room has placed the case", "close"),
        Key("placements", ListOf(ID, least=1), "What the rules give to the responses, best level first; `bank check` holds them to it.", "", "[close]"),
        Key("responses", MapOf(ID, RESPONSE), "The responses, by item id; `dont_know` is one.", "", "{contact: often}"),
    ),
    Case,
)

CASES: Final = Table(
    "cases",
    "Worked cases: what somebody has thought through, to hold the rules against.",
    (
        _optional("calibration", _IDS, "The cases that a room places before its own collaborations, told in every language.", "in a workshop's calibration round, in this order", "[choir]"),
        Key("cases", ListOf(CASE), "The worked cases.", "in `bank check`", "[{id: choir, placements: [close], responses: {contact: often}}]"),
    ),
)

MOVE: Final = Table(
    "move",
    "Old responses that together amount to new ones.",
    (
        Key("when", MapOf(ID, RESPONSE, least=1), "Old responses by old item id, all of which must have been given.", "", "{contact: often}"),
        Key("gives", MapOf(ID, RESPONSE, least=1), "The responses in the newer version that they amount to.", "after `assessor renew`", "{meetings: weekly}"),
    ),
    Move,
)


def _migration(*, asked_anew: tuple[str, ...], **facts: Any) -> Migration:
    """A `Migration` from a file's list of ids; the core type holds a set."""
    return Migration(asked_anew=frozenset(asked_anew), **facts)


MIGRATION: Final = Table(
    "migration",
    "How responses go from one version to the next; an item that is not named keeps its responses.",
    (
        Key("from", TEXT, "The version the responses were given under.", "", '"1.0"', attribute="before"),
        Key("to", TEXT, "The version they go to.", "", '"1.1"', attribute="after"),
        _optional("renamed", MapOf(ID, ID), "Old item id to new item id; the options keep their ids.", "", "{contact: talking}"),
        _optional("moves", ListOf(MOVE), "For items that were split or merged and options that changed; tried in order, and all that hold give.", "", "[{when: {contact: often}, gives: {contact: weekly}}]"),
        _optional("readings", MapOf(ID, MapOf(ID, ListOf(ID, least=1))), "By old item and old option, the options it may mean by now, where one was split in two; an item is asked again where the placement hangs on it, else the first stands.", "in `assessor renew`, which tells first what moves or opens", "{contact: {sometimes: [monthly, yearly]}}"),
        _optional("asked_anew", _IDS, "Items that kept their id and ask something else by now, so that their responses do not go over.", "as open questions after `assessor renew`", "[contact]"),
    ),
    _migration,
)

MIGRATIONS: Final = Table(
    "migrations",
    "How responses to older versions go on, for `assessor renew` and for comparing years.",
    (
        Key("migrations", ListOf(MIGRATION), "One way from each older version, which leads in the end to the newest.", "in `assessor renew` and on the report's pages on what changed", '[{from: "1.0", to: "1.1"}]'),
    ),
)

# fmt: on

#: Each kind of file by the name of its schema, in the order an author writes them.
FILES: Final[Mapping[str, Table]] = {
    "instrument": INSTRUMENT,
    "wording": WORDING,
    "cases": CASES,
    "migrations": MIGRATIONS,
    "sides": SIDES,
    "party_wording": PARTY_WORDING,
}
