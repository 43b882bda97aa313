"""The shape of a bank's files: which keys, which kinds. What the ids mean is checked elsewhere.

pydantic reports every problem in one go; here each is brought back to its line and column.
"""

import difflib
import re
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Final, get_args

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from assessor.bank.problems import BankProblems, Located, format_fact
from assessor.bank.yaml_nodes import InvalidNode, ListNode, MapNode, Node, ScalarNode, as_map
from assessor.bank.yaml_reader import first_harmful
from assessor.errors import N_

#: Words of the conditions and of the interview, which no id may take.
RESERVED: Final = ("all", "any", "not", "at_least", "of", "is", "dont_know")

#: Characters of one text.
LONGEST: Final = 4_000

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SOURCE = re.compile(r"[a-z][a-z0-9_]{0,63}(\.[a-z][a-z0-9_]{0,63})*")
_LANGUAGE = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_URL = re.compile(r"https?://[^\s<>\"']+")
_EFFORT = re.compile(r"[1-9][0-9]?")

_BAD_ID = N_("{given} cannot be an id; use small letters a-z, digits and _, beginning with a letter")
_TAKEN = N_("{given} is a word of the format itself and cannot be an id; choose another")
_BAD_SOURCE = N_("{given} cannot be the id of a source; use small letters a-z, digits and _, parted by dots")
_BAD_LANGUAGE = N_("{given} is no language tag; write one as sv, en or nb")
_BAD_URL = N_("{given} is no web address; begin it with https://")
_BAD_EFFORT = N_("{given} is no whole number from 1 to 99; write one, in digits, without quotes")
_BAD_FORMAT = N_("format {given} is not read here; write format: 1, or use a newer version of this program")
_NO_TEXT = N_("a text is needed here; write one")
_UNFIT = N_("the character {character} cannot stand in a text; take it out")
_LONG = N_("the text is {length} characters long; shorten it to {most}")
_UNKNOWN = N_("the key {key} is not known here; the nearest is {nearest}, out of: {known}")
_MISSING = N_("something is missing here; add: {keys}")
_TABLE = N_("keys with values are needed here; write each as `key: value`")
_LIST = N_("a list is needed here; write it as [one, two], or each part on a line of its own after a dash")
_SHORT = N_("too few parts in this list; it needs at least {least}")
_MANY = N_("too many parts in this list; it may have {most}, so leave some out or divide the bank")
_OTHER = N_("this does not fit here ({why}); compare it with a bank that holds")

_KINDS = {
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "dict_type": _TABLE,
    "list_type": _LIST,
}


def _refusal(template: str, **facts: object) -> PydanticCustomError:
    return PydanticCustomError("bank", "bank", {"template": template, "facts": facts})


def _given(value: object) -> str:
    """The text of a scalar or a key; refused where there is none."""
    text = value.text.rstrip("\n") if isinstance(value, ScalarNode) else value
    if not isinstance(text, str) or (isinstance(value, ScalarNode) and not value.quoted and not text):
        raise _refusal(_NO_TEXT)
    return text


def _id(value: object) -> str:
    given = _given(value)
    if given in RESERVED:
        raise _refusal(_TAKEN, given=given)
    return _matching(_ID, given, _BAD_ID)


def _matching(pattern: re.Pattern[str], given: str, template: str) -> str:
    if not pattern.fullmatch(given):
        raise _refusal(template, given=given)
    return given


def _effort(value: object) -> int:
    """A number counts only as it stands: neither quoted nor as 1e2, 0x3, 03 or +3."""
    given = _given(value)
    if isinstance(value, ScalarNode) and value.quoted:
        raise _refusal(_BAD_EFFORT, given=f'"{given}"')
    return int(_matching(_EFFORT, given, _BAD_EFFORT))


def _format(value: object) -> str:
    given = _given(value)
    if given != "1" or (isinstance(value, ScalarNode) and value.quoted):
        raise _refusal(_BAD_FORMAT, given=given)
    return given


def _maybe_empty(value: object) -> str:
    given = _given(value)
    if unfit := first_harmful(given):
        raise _refusal(_UNFIT, character=f"U+{ord(unfit):04X}")
    if len(given) > LONGEST:
        raise _refusal(_LONG, length=len(given), most=LONGEST)
    return given


def _text(value: object) -> str:
    given = _maybe_empty(value)
    if not given.strip():
        raise _refusal(_NO_TEXT)
    return given


Id = Annotated[str, PlainValidator(_id)]
SourceId = Annotated[str, PlainValidator(lambda value: _matching(_SOURCE, _given(value), _BAD_SOURCE))]
Language = Annotated[str, PlainValidator(lambda value: _matching(_LANGUAGE, _given(value), _BAD_LANGUAGE))]
Url = Annotated[str, PlainValidator(lambda value: _matching(_URL, _given(value), _BAD_URL))]
Effort = Annotated[int, PlainValidator(_effort)]
Format = Annotated[str, PlainValidator(_format)]
Text = Annotated[str, PlainValidator(_text)]
OptionalText = Annotated[str, PlainValidator(_maybe_empty)]
#: A response in a worked case: dont_know is one.
Response = Annotated[str, PlainValidator(lambda value: _matching(_ID, _given(value), _BAD_ID))]


class Shape(BaseModel):
    """A table with these keys and no others."""

    model_config = ConfigDict(extra="forbid")


class SourceShape(Shape):
    """A heading of a document."""

    document: Text
    heading: Text
    language: Language
    url: Url = ""


class ItemShape(Shape):
    """An item, its conditions unread."""

    id: Id
    options: Annotated[list[Id], Field(min_length=2, max_length=26)]
    rising: Any = None
    when: Any = None
    sources: list[SourceId] = []
    efforts: dict[Id, Effort] = {}
    slips: dict[Id, dict[Id, Effort]] = {}


class OutcomeShape(Shape):
    """An outcome; `when` is lacking in the last."""

    id: Id
    when: Any = None


class MarkShape(Shape):
    """A mark or a signal."""

    id: Id
    when: Any
    sources: list[SourceId] = []


class InstrumentShape(Shape):
    """instrument.yaml."""

    format: Format = "1"
    id: Id
    version: Text
    sources: dict[SourceId, SourceShape] = {}
    levels: list[Id] = []
    gains: list[Id] = []
    items: Annotated[list[ItemShape], Field(min_length=1, max_length=120)]
    conditions: dict[Id, Any] = {}
    outcomes: Annotated[list[OutcomeShape], Field(min_length=1, max_length=60)]
    marks: Annotated[list[MarkShape], Field(max_length=60)] = []
    signals: Annotated[list[MarkShape], Field(max_length=60)] = []
    split: list[Id] = []


class StepShape(Shape):
    """A next step."""

    title: Text
    text: Text


class OptionShape(Shape):
    """The words of an option."""

    label: Text
    short: Text
    reason: Text
    example: OptionalText = ""
    step: StepShape | None = None
    slip: OptionalText = ""


class ItemWordsShape(Shape):
    """The words of an item."""

    short: Text
    ask: Text
    hint: OptionalText = ""
    options: dict[Id, OptionShape]


class PlacementShape(Shape):
    """The words of a placement."""

    name: Text
    plural: Text
    within: Text
    line: Text
    about: Text
    advice: Text


class MarkWordsShape(Shape):
    """The words of a mark or a signal."""

    name: Text
    about: Text


class DraftKindShape(Shape):
    """A kind of draft."""

    name: Text
    opening: list[Text]
    closing: list[Text]


class DraftClausesShape(Shape):
    """What the responses to an item put into a draft."""

    options: dict[Id, OptionalText]
    unknown: Annotated[list[Text], Field(min_length=1)]


class DraftLinesShape(Shape):
    """What always stands in a section, by the draft's kind."""

    intent: list[Text] = []
    agreement: list[Text] = []


class DraftSectionShape(Shape):
    """A part of a draft."""

    heading: Text
    lines: DraftLinesShape = DraftLinesShape()
    items: dict[Id, DraftClausesShape] = {}
    gains: OptionalText = ""


class DraftKindsShape(Shape):
    """The two kinds of draft."""

    intent: DraftKindShape
    agreement: DraftKindShape


class DraftsShape(Shape):
    """Drafts to sign."""

    fill: Text
    note: Text
    lower: Text
    undertaking: Text
    kinds: DraftKindsShape
    sections: Annotated[list[DraftSectionShape], Field(min_length=1)]
    signing: Text
    signatures: Annotated[list[Text], Field(min_length=1)]


class WordingShape(Shape):
    """A wording file."""

    language: Language
    name: Text
    about: Text
    items: dict[Id, ItemWordsShape]
    placements: dict[Id, PlacementShape]
    marks: dict[Id, MarkWordsShape] = {}
    signals: dict[Id, MarkWordsShape] = {}
    gains: dict[Id, Text] = {}
    method: list[Text] = []
    limits: list[Text] = []
    drafts: DraftsShape | None = None


class GainShape(Shape):
    """Which options of an item say who gains."""

    item: Id
    ours: list[Id]
    theirs: list[Id]


class SidesShape(Shape):
    """party/sides.yaml."""

    asked: Annotated[list[Id], Field(min_length=1)]
    library_only: list[Id] = []
    mirror: dict[Id, dict[Id, Id]] = {}
    gain: GainShape | None = None
    wishes: list[Id] = []


class PartyOptionShape(Shape):
    """What of an option's words is otherwise for the party."""

    label: Text | None = None
    short: Text | None = None
    reason: Text | None = None
    example: OptionalText | None = None


class PartyItemShape(Shape):
    """How the party is asked an item."""

    ask: Text
    hint: OptionalText | None = None
    options: dict[Id, PartyOptionShape] = {}


class PartyPlacementShape(Shape):
    """What of a placement's words is otherwise for the party."""

    line: Text | None = None
    about: Text | None = None
    advice: Text | None = None


class PartyWordingShape(Shape):
    """A wording file for the party."""

    language: Language
    about: Text
    items: dict[Id, PartyItemShape]
    placements: dict[Id, PartyPlacementShape] = {}


class CaseShape(Shape):
    """A worked case."""

    id: Id
    text: dict[Language, Text] = {}
    keyed: Id = ""
    placements: Annotated[list[Id], Field(min_length=1)]
    responses: dict[Id, Response]


class CasesShape(Shape):
    """cases.yaml."""

    calibration: list[Id] = []
    cases: list[CaseShape]


class MoveShape(Shape):
    """Old responses that together amount to new ones."""

    when: Annotated[dict[Id, Response], Field(min_length=1)]
    gives: Annotated[dict[Id, Response], Field(min_length=1)]


class MigrationShape(Shape):
    """How responses go from one version to the next."""

    from_: Annotated[Text, Field(alias="from")]
    to: Text
    renamed: dict[Id, Id] = {}
    moves: list[MoveShape] = []
    asked_anew: list[Id] = []


class MigrationsShape(Shape):
    """migrations.yaml."""

    migrations: list[MigrationShape]


def check_shape(shape: type[Shape], root: Node, problems: BankProblems) -> None:
    """Add a problem for everything in which the file differs from its shape."""
    try:
        shape.model_validate(_plain(root))
    except ValidationError as refused:
        keys = _Keys()
        for error in refused.errors(include_url=False, include_input=False):
            _tell(shape, root, error, problems, keys)
        for node, lacking in keys.lacking():
            problems.add(_within(node), _MISSING, keys=lacking)


class _Keys:
    """The keys that tables lack, and those that are unknown in them."""

    def __init__(self) -> None:
        self.lacks: dict[int, tuple[Node, list[str]]] = {}
        self.unknown: dict[int, list[str]] = {}

    def lacking(self) -> Iterator[tuple[Node, tuple[str, ...]]]:
        """Each table with what it lacks, but for keys that stand there with a slip in them, told already."""
        for at, (node, keys) in self.lacks.items():
            unknown = [key[:60] for key in self.unknown.get(at, [])[:20]]
            lacking = tuple(k for k in keys if not difflib.get_close_matches(k, unknown, cutoff=0.6))
            refused = any(isinstance(value, InvalidNode) for value in as_map(node).values.values())
            if lacking and not refused:  # what is lacking may stand in what is refused
                yield node, lacking


def _tell(shape: type[Shape], root: Node, error: Any, problems: BankProblems, keys: _Keys) -> None:
    """One problem for one of pydantic's; what a table lacks is gathered into one."""
    *path, last = location = list(error["loc"]) or [""]
    about_key = error["type"] in ("missing", "extra_forbidden")
    node = _at(root, path if about_key else location)
    if isinstance(node, InvalidNode):
        return
    if error["type"] == "missing":
        keys.lacks.setdefault(id(node), (node, []))[1].append(str(last))
    elif about_key:
        keys.unknown.setdefault(id(node), []).append(str(last))
        _tell_unknown(as_map(node), last, _keys_of(_model_at(shape, path)), problems)
    else:
        _tell_kind(_of_key(root, location) or node, error, problems)


def _keys_of(shape: type[BaseModel]) -> tuple[str, ...]:
    """As they are written; a key may be a word of Python."""
    return tuple(field.alias or name for name, field in shape.model_fields.items())


def _tell_unknown(node: MapNode, key: str, known: tuple[str, ...], problems: BankProblems) -> None:
    if isinstance(node.values[key], InvalidNode):
        return
    near = problems.nearest_id(key, known)
    problems.add(node.keys[key], _UNKNOWN, key=key, nearest=near, known=known)


def _tell_kind(at: Located, error: Any, problems: BankProblems) -> None:
    context = error.get("ctx", {})
    if error["type"] == "bank":
        problems.add(at, context["template"], **context["facts"])
    elif error["type"] == "too_short":
        problems.add(at, _SHORT, least=context["min_length"])
    elif error["type"] == "too_long":
        problems.add(at, _MANY, most=context["max_length"])
    else:
        problems.add(at, _KINDS.get(error["type"], _OTHER), why=format_fact(error["msg"]))


def _plain(node: Node) -> Any:
    """What pydantic reads: lists and dicts with the scalars' nodes in them."""
    match node:
        case MapNode():
            return {key: _plain(value) for key, value in node.values.items()}
        case ListNode():
            return [_plain(part) for part in node.parts]
    return node


def _at(root: Node, path: list[Any]) -> Node:
    """The node at pydantic's path, or the last before the path ends in something refused."""
    node = root
    for step in path:
        if isinstance(node, MapNode) and step in node.values:
            node = node.values[step]
        elif isinstance(node, ListNode) and isinstance(step, int):
            node = node.parts[step]
    return node


def _of_key(root: Node, path: list[Any]) -> ScalarNode | None:
    """The key that is refused, where it is the key and not the value."""
    if path[-1] != "[key]":
        return None
    node = _at(root, path[:-2])
    return node.keys.get(path[-2]) if isinstance(node, MapNode) else None


def _within(node: Node) -> Node:
    """Where to add what a table lacks: at its first key."""
    return next(iter(node.keys.values()), node) if isinstance(node, MapNode) else node


def _model_at(shape: Any, path: list[Any]) -> type[BaseModel]:
    """The shape that pydantic's path leads to."""
    for step in path:
        fields = getattr(shape, "model_fields", None)
        shape = fields[step].annotation if fields else get_args(shape)[-1]
        if isinstance(shape, UnionType):  # with None beside it
            shape = get_args(shape)[0]
    found: type[BaseModel] = shape
    return found
