"""What a library says of itself, changed: its goals, and the month of its next assessment."""

from collections import defaultdict
from collections.abc import Mapping

from assessor.core.months import parse_month
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls
from assessor.store import Store, storable_text
from assessor.store.errors import NotInStore
from assessor.usecases.assessments import NotAMonth


class GoalAlready(AssessorError):
    """A goal's new words that another goal of the library's has."""

    template = N_("“{goal}” is a goal already; write other words, or remove one of the two")


class GoalServed(AssessorError):
    """A goal that collaborations serve, which goes only when that has been seen."""

    template = N_(
        "“{goal}” is served by {names}. Without it, the report says that their goal has not been named; "
        "confirm it to remove it all the same"
    )


def goal_servers(store: Store, library: str) -> Mapping[str, tuple[str, ...]]:
    """The names of the collaborations whose latest assessment serves a goal, by the goal's id."""
    latest = {each.collaboration.id: each for each in store.assessments(library=library)}
    names: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for each in latest.values():
        if each.goal:
            names[each.goal] += (each.collaboration.name,)
    return names


def reword_goal(store: Store, library: str, goal: str, text: str, key: str) -> None:
    """Keep a goal in other words; whoever serves it serves it still.

    Raises `NotInStore`, `GoalAlready`, or what the store refuses of a name.
    """
    words = storable_text.normalize_name(text)
    with store.transaction():
        known = _goals_with(store, library, goal)
        if any(said == words for id_, said in known.items() if id_ != goal):
            raise GoalAlready(goal=escape_controls(words))
        if known[goal] != words:
            store.profiles.record_entry(library, "goal", goal, words, key=key)


def remove_goal(store: Store, library: str, goal: str, key: str, *, seen: bool = False) -> None:
    """Keep a goal no more; raises `NotInStore`, or `GoalServed` unless it was seen by what it is served."""
    with store.transaction():
        known = _goals_with(store, library, goal)
        names = goal_servers(store, library).get(goal, ())
        if names and not seen:
            raise GoalServed(goal=escape_controls(known[goal]), names=escape_controls(", ".join(names)))
        store.profiles.record_entry(library, "goal", goal, "", key=key)


def choose_next_month(store: Store, library: str, typed: str, key: str) -> str:
    """The month of the next assessment as it is kept; empty: a year after the last. Raises `NotAMonth`."""
    month = parse_month(typed) or ""
    if typed.strip() and not month:
        raise NotAMonth(given=escape_controls(typed.strip()))
    store.profiles.record_entry(library, "next", "", month, key=key)
    return month


def _goals_with(store: Store, library: str, goal: str) -> Mapping[str, str]:
    goals = store.profiles.get(library).goals
    if goal not in goals:
        raise NotInStore(name=escape_controls(goal))
    return goals
