"""A workshop: who joined, what the facilitator did, and the state that this amounts to.

As with an assessment, only acts are stored and none is changed; `workshop_from_acts` computes everything else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, TypeVar

NumberT = TypeVar("NumberT", int, None)

#: What the board shows: how to join, that gut feelings are asked for, a written case to place, the room's progress,
#: that everybody reads their own verdict, the room's terraces, one collaboration to talk about, what was agreed on,
#: that the workshop is over.
Stage = Literal["join", "gut", "case", "progress", "verdict", "terraces", "talk", "steps", "closed"]

STAGES: Final[tuple[Stage, ...]] = (
    "join",
    "gut",
    "case",
    "progress",
    "verdict",
    "terraces",
    "talk",
    "steps",
    "closed",
)

#: The side of the collaboration that a respondent is on: the library's, or the party's own.
Side = Literal["us", "them"]

#: Days after closing when raw responses are erased, unless the facilitator chose otherwise.
DEFAULT_RETENTION_DAYS = 90

#: The fewest raters whose responses are shown together: unless chosen otherwise, and whatever is chosen.
DEFAULT_MIN_RATERS, MIN_RATERS = 5, 3

#: What an `Act` may be; an assessment in the room is kept as such and is no act.
ACT_KINDS: Final = (
    "listed",
    "locked",
    "stage",
    "revealed",
    "counted",
    "agreed",
    "dissent",
    "step",
    "removed",
    "invited",
    "both_sides",
    "led",
    "case",
    "days",
    "at_least",
    "expected",
    "until",
    "bank",
    "returning",
    "device",
    "board_code",
    "screen",
    "closed",
)

#: Acts whose value is computed, as long as the room is large, and not typed.
COMPUTED_KINDS: Final = frozenset({"revealed", "counted"})

#: Acts whose text is erased once they are withdrawn: only that there was one stays in the history.
WITHDRAWN_TEXTS: Final = frozenset({"dissent", "step"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One thing done in a workshop; the latest of a kind, subject and item counts, an empty value withdraws it."""

    #: Rises by one within the workshop; order is by it, never by the clock.
    seq: int
    #: One of `ACT_KINDS`.
    kind: str
    #: The id of the collaboration or respondent that it concerns; empty for the whole workshop.
    subject: str
    #: What of it: a part of an agreed step, a dissent, a written case; empty where there is only one.
    item: str
    value: str
    #: In UTC.
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Respondent:
    """Somebody who joined a workshop, or whose paper the facilitator enters."""

    id: str
    workshop: str
    #: As they wish to be called; may be empty, and only the facilitator sees it.
    name: str
    side: Side
    #: Of their pages; empty until chosen.
    language: str
    joined: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreedStep:
    """Something the room agreed to do about a collaboration."""

    id: str
    collaboration: str
    what: str
    who: str
    #: As the room put it: a date or words.
    when: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Workshop:
    """One workshop as it stands, computed from everything done in it."""

    id: str
    library: str
    name: str
    #: What participants type if they cannot scan; not a secret.
    code: str
    opened: datetime
    #: When the board was first told to show something; None before, so that opening it the day before starts no clock.
    began: datetime | None = None
    #: None while it goes on.
    closed: datetime | None
    #: Nobody can join while it is locked.
    locked: bool
    stage: Stage
    #: The collaboration talked about, or the written case shown; empty at other stages.
    subject: str
    #: Ids of the collaborations that the facilitator listed, in that order.
    listed: tuple[str, ...]
    #: By collaboration or case id, the picture that the facilitator has shown, as `raters.dump_tally` returns it.
    revealed: Mapping[str, str] = field(default_factory=dict)
    #: By collaboration id, the id of the assessment that holds what the room agreed on.
    agreed: Mapping[str, str] = field(default_factory=dict)
    #: By collaboration id, dissenting views with their reasons.
    dissents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: By collaboration id, the ids by which these are withdrawn, in the same order.
    dissent_ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    steps: tuple[AgreedStep, ...] = ()
    #: Ids of collaborations whose other party was sent an invitation.
    invited: frozenset[str] = frozenset()
    #: Ids of collaborations whose other party is shown both sides' responses once the workshop is closed.
    both_sides: frozenset[str] = frozenset()
    #: Ids of respondents whose responses no longer count.
    removed: frozenset[str] = frozenset()
    #: By case id, the placement that each respondent gave it.
    cases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: What names each browser that leads.
    browsers: tuple[str, ...] = ()
    #: What names each machine that shows the board and cannot lead.
    screens: tuple[str, ...] = ()
    #: Days after closing when raw responses are erased.
    days: int = DEFAULT_RETENTION_DAYS
    #: The fewest raters whose responses are shown together.
    at_least: int = DEFAULT_MIN_RATERS
    #: How many people the facilitator expects; None where nobody has said.
    expected: int | None = None
    #: The last day of answering as 2027-06-30: under the empty key the room's own, under "invited" the other parties'.
    until: Mapping[str, str] = field(default_factory=dict)
    #: The bank that it began with: its folder, version and digest; empty where that was not kept.
    bank: Mapping[str, str] = field(default_factory=dict)
    #: Of the latest act; rises with each, so that a page can tell whether anything changed.
    seq: int = 0


#: Whose last day of answering an act "until" is about, as its item: everybody's in the room, and the other parties'.
EVERYBODY, INVITED = "", "invited"


def takes_responses(workshop: Workshop, side: Side, today: date) -> bool:
    """Whether a side may still answer: the room until it is closed, an invited party until its own last day."""
    return workshop.closed is None or (side == "them" and today.isoformat() <= workshop.until.get(INVITED, ""))


def workshop_from_acts(
    *, id: str, library: str, name: str, code: str, opened: datetime, acts: Iterable[Act] = ()
) -> Workshop:
    """The state of a workshop after these acts, whose order is by `seq`."""
    history = sorted(acts, key=lambda act: act.seq)
    effective = _effective_acts(history)
    of_kind = _group_by_kind(effective.values())
    stage = of_kind["stage"][-1] if of_kind["stage"] else None
    ended = of_kind["closed"][-1] if of_kind["closed"] else None
    return Workshop(
        id=id,
        library=library,
        name=name,
        code=code,
        opened=opened,
        began=next((act.at for act in history if act.kind == "stage"), None),
        closed=ended.at if ended else None,
        locked=bool(of_kind["locked"]),
        stage="closed" if ended else _current_stage(stage),
        subject=stage.item if stage and (stage.value == "closed") == bool(ended) else "",
        listed=tuple(act.subject for act in of_kind["listed"]),
        revealed={act.subject: act.value for act in of_kind["revealed"]},
        agreed={act.subject: act.value for act in of_kind["agreed"]},
        dissents=_group_by_subject((act.subject, act.value) for act in of_kind["dissent"]),
        dissent_ids=_group_by_subject((act.subject, act.item) for act in of_kind["dissent"]),
        steps=_agreed_steps(of_kind["step"]),
        invited=frozenset(act.subject for act in of_kind["invited"]),
        both_sides=frozenset(act.subject for act in of_kind["both_sides"]),
        removed=frozenset(act.subject for act in of_kind["removed"]),
        cases=_case_placements(of_kind["case"]),
        browsers=tuple(act.item for act in of_kind["led"]),
        screens=tuple(act.item for act in of_kind["screen"]),
        days=_last_number(of_kind["days"], DEFAULT_RETENTION_DAYS),
        at_least=max(MIN_RATERS, _last_number(of_kind["at_least"], DEFAULT_MIN_RATERS)),
        expected=_last_number(of_kind["expected"], None),
        until={act.item: act.value for act in of_kind["until"]},
        bank={act.item: act.value for act in of_kind["bank"]},
        seq=history[-1].seq if history else 0,
    )


def _effective_acts(history: Iterable[Act]) -> dict[tuple[str, str, str], Act]:
    """The acts that count, in the order in which each was first done; all acts on the stage are one."""
    counts: dict[tuple[str, str, str], Act] = {}
    for act in history:
        key = ("stage", "", "") if act.kind == "stage" else (act.kind, act.subject, act.item)
        if act.value:
            counts[key] = act
        else:
            counts.pop(key, None)
    return counts


def _group_by_kind(acts: Iterable[Act]) -> dict[str, list[Act]]:
    of_kind: dict[str, list[Act]] = {kind: [] for kind in ACT_KINDS}
    for act in acts:
        of_kind[act.kind].append(act)
    return of_kind


def _current_stage(act: Act | None) -> Stage:
    """What was shown last; a room that was opened again goes on at its steps."""
    if act and act.value == "closed":
        return "steps"
    return next((stage for stage in STAGES if act and stage == act.value), "join")


def _group_by_subject(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for subject, value in pairs:
        groups[subject] = (*groups.get(subject, ()), value)
    return groups


def _agreed_steps(acts: Iterable[Act]) -> tuple[AgreedStep, ...]:
    """Steps from their parts: an act's item is the step's id, a dot, and what, who or when."""
    parts: dict[tuple[str, str], dict[str, str]] = {}
    for act in acts:
        id_, _dot, part = act.item.rpartition(".")
        parts.setdefault((act.subject, id_), {})[part] = act.value
    return tuple(
        AgreedStep(
            id=id_,
            collaboration=subject,
            what=part["what"],
            who=part.get("who", ""),
            when=part.get("when", ""),
        )
        for (subject, id_), part in parts.items()
        if "what" in part
    )


def _case_placements(acts: Iterable[Act]) -> dict[str, dict[str, str]]:
    placements: dict[str, dict[str, str]] = {}
    for act in acts:
        placements.setdefault(act.item, {})[act.subject] = act.value
    return placements


def _last_number(acts: list[Act], usual: NumberT) -> int | NumberT:
    return int(acts[-1].value) if acts and acts[-1].value.isdecimal() else usual
