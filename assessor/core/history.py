"""The same collaboration assessed again: what changed, and whether the answers or the questions changed it.

Responses go from one version of an instrument to another only as its bank's migrations say. What cannot go is returned
as dropped, so that it can be shown instead of silently missing. An option that held more than one of today's has
*readings*: where they part the placement, the item is asked again; where they do not, the first of them stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from assessor.core.diagram import walk
from assessor.core.instrument import Instrument
from assessor.core.readings import parting_items, placements_within
from assessor.core.responses import DONT_KNOW, Responses
from assessor.core.routing import on_route, route
from assessor.core.verdict import Change

#: What changed a placement: nothing; the answers alone; the questions alone; either alone; only both together.
Cause = Literal["nothing", "answers", "questions", "either", "both"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """Old responses that together amount to new ones."""

    #: Item id to option id, all of which must have been given.
    when: Mapping[str, str]
    #: Item id to option id in the newer version.
    gives: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Migration:
    """How responses go from one version of an instrument to the next."""

    before: str
    after: str
    #: Old item id to new; its options keep their ids, and a don't know stays one.
    renamed: Mapping[str, str] = field(default_factory=dict)
    #: For items that were split or merged, and for options that changed; tried in order, all that hold give.
    moves: tuple[Move, ...] = ()
    #: Items that keep their id and ask something else by now, so that nothing goes to them by itself.
    asked_anew: frozenset[str] = frozenset()
    #: By old item id and old option, what it may mean by now; the first stands where it makes no difference.
    readings: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class MigratedResponses:
    """Responses as another version understands them."""

    responses: Responses
    #: What could not go, as it was given: item id to option id.
    dropped: Responses
    #: The items to ask again, since the placement hangs on how they are read: item id to what each may mean.
    asked_again: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class MigrationReview:
    """What taking responses over to a later version would do to a verdict."""

    #: Still possible, best level first: by the version they were given under, and by the later one's readings.
    before: tuple[str, ...]
    after: tuple[str, ...]
    carried: MigratedResponses
    #: For each item to ask again, where each of its readings leads.
    readings: Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementShift:
    """From one assessment of a collaboration to the next."""

    #: Still possible, best level first, each assessment by its own version.
    before: tuple[str, ...]
    after: tuple[str, ...]
    cause: Cause
    #: The changed responses that the change of placement rests on; all of them where it does not rest on the answers.
    changes: tuple[Change, ...]
    #: Earlier responses that could not go to the later version.
    dropped: Responses


def migration_path(migrations: Iterable[Migration], before: str, after: str) -> tuple[Migration, ...]:
    """The migrations from one version to another, in order; empty where the bank has no such way."""
    onward = {migration.before: migration for migration in migrations}
    path: list[Migration] = []
    version = before
    while version != after:
        if version not in onward or len(path) > len(onward):
            return ()
        path.append(onward[version])
        version = onward[version].after
    return tuple(path)


def migrate(responses: Responses, way: Sequence[Migration], to: Instrument) -> MigratedResponses:
    """The responses in the version at the way's end; with an empty way, those whose item and option exist there."""
    current: dict[str, tuple[str, ...]] = {item: (option,) for item, option in responses.items()}
    sources: dict[str, tuple[str, ...]] = {item: (item,) for item in responses}
    for migration in way:
        current, sources = _apply_migration(current, sources, migration)
    fit = {item.id: _valid_options(to, item.id, current.get(item.id, ())) for item in to.items}
    fit = {item: options for item, options in fit.items() if options}
    carried_items = {source for item in fit for source in sources[item]}
    parting = parting_items(to, fit)
    return MigratedResponses(
        responses={item: options[0] for item, options in fit.items() if item not in parting},
        dropped={item: option for item, option in responses.items() if item not in carried_items},
        asked_again={item: options for item, options in fit.items() if item in parting},
    )


def review_migration(
    then: Instrument, responses: Responses, way: Sequence[Migration], now: Instrument
) -> MigrationReview:
    """What becomes of a verdict when its responses go to a later version, before anything is written."""
    carried = migrate(responses, way, now)
    single = {item: (option,) for item, option in carried.responses.items()}
    return MigrationReview(
        before=_possible_placements(then, responses),
        after=placements_within(now, {**single, **carried.asked_again}),
        carried=carried,
        readings={
            item: {
                option: placements_within(now, {**single, **carried.asked_again, item: (option,)}) for option in options
            }
            for item, options in carried.asked_again.items()
        },
    )


def current_item_id(item: str, way: Iterable[Migration]) -> str:
    """The id of an item at the way's end."""
    for migration in way:
        item = migration.renamed.get(item, item)
    return item


def _apply_migration(
    responses: Mapping[str, tuple[str, ...]], sources: Mapping[str, tuple[str, ...]], migration: Migration
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """The readings one version on; and for each item, those of the very first version that it comes from."""
    migrated: dict[str, tuple[str, ...]] = {}
    origins: dict[str, tuple[str, ...]] = {}
    for item, options in responses.items():
        new_item = migration.renamed.get(item, item)
        taken = new_item in migration.renamed.values()  # the id means another item now, so nothing goes to it by itself
        if item in migration.renamed or not (taken or item in migration.asked_anew):
            migrated[new_item], origins[new_item] = _read_anew(migration, item, options), sources[item]
    for move in migration.moves:
        if all(option in responses.get(item, ()) for item, option in move.when.items()):
            certain = all(len(responses[item]) == 1 for item in move.when)
            origin = tuple(source for item in move.when for source in sources[item])
            for item, option in move.gives.items():
                if certain:
                    migrated[item], origins[item] = (option,), origin
                elif item in migrated:  # what may be meant is one reading more
                    migrated[item] = tuple(dict.fromkeys((*migrated[item], option)))
                    origins[item] = (*origins[item], *origin)
    return migrated, origins


def _read_anew(migration: Migration, item: str, options: tuple[str, ...]) -> tuple[str, ...]:
    """What the options of an item may mean one version on, each once."""
    readings = migration.readings.get(item, {})
    return tuple(dict.fromkeys(reading for option in options for reading in readings.get(option, (option,))))


def _valid_options(instrument: Instrument, item: str, options: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(option for option in options if _is_valid_response(instrument, item, option))


def _is_valid_response(instrument: Instrument, item: str, option: str) -> bool:
    return item in instrument.by_id and option in (*instrument.by_id[item].options, DONT_KNOW)


def migrate_back(responses: Responses, way: Sequence[Migration], to: Instrument) -> Responses:
    """Later responses in an earlier version: by the same ids, renamed items under their old ones, moves left out.

    An option that is new goes back to the only old one that held it.
    """
    earlier = dict(responses)
    for migration in reversed(way):
        names = {new: old for old, new in migration.renamed.items()}
        earlier = {
            names.get(item, item): _earlier_option(migration, names.get(item, item), option)
            for item, option in earlier.items()
            if item in names or not (item in migration.asked_anew or item in migration.renamed)
        }
    return {item: option for item, option in earlier.items() if _is_valid_response(to, item, option)}


def _earlier_option(migration: Migration, old_item: str, option: str) -> str:
    readings = migration.readings.get(old_item, {})
    holders = [old for old, options in readings.items() if option in options]
    return holders[0] if len(holders) == 1 and option not in readings else option


def placement_shift(
    earlier_instrument: Instrument,
    earlier: Responses,
    later_instrument: Instrument,
    later: Responses,
    way: Sequence[Migration] = (),
) -> PlacementShift:
    """How a placement changed from one assessment to the next, and what caused it.

    Two crosswise placements decide it: the earlier responses in the later version, and the later ones in the earlier
    version. If one of them alone already gives the later placement, the questions or the answers changed it. A later
    response that is a reading of the earlier one is the same answer, and so no change.
    """
    carried = _settle_readings(migrate(earlier, way, later_instrument), later)
    before, after = _possible_placements(earlier_instrument, earlier), _possible_placements(later_instrument, later)
    changes = _changed_responses(later_instrument, carried.responses, later)
    same = dict(carried.responses) == dict(later)
    taken_back = migrate_back(later, way, earlier_instrument)
    cause = _shift_cause(
        before,
        after,
        answers=not same and _possible_placements(earlier_instrument, taken_back) == after,
        questions=_possible_placements(later_instrument, carried.responses) == after,
    )
    if cause in ("answers", "both"):
        changes = _minimal_changes(later_instrument, later, changes)
    return PlacementShift(before=before, after=after, cause=cause, changes=changes, dropped=carried.dropped)


def _settle_readings(carried: MigratedResponses, later: Responses) -> MigratedResponses:
    """The carried responses, each item that is asked again read as it was responded to later."""
    settled = {item: later[item] for item, options in carried.asked_again.items() if later.get(item) in options}
    return replace(carried, responses={**carried.responses, **settled})


def _shift_cause(before: tuple[str, ...], after: tuple[str, ...], *, answers: bool, questions: bool) -> Cause:
    if before == after:
        return "nothing"
    if answers:
        return "either" if questions else "answers"
    return "questions" if questions else "both"


def _possible_placements(instrument: Instrument, responses: Responses) -> tuple[str, ...]:
    return walk(instrument.diagram.start, on_route(instrument, responses)).ends


def _changed_responses(instrument: Instrument, before: Responses, after: Responses) -> tuple[Change, ...]:
    """The items on the later route whose response is not what it was."""
    asked = [item.id for item in route(instrument, after) if item.id in after]
    return tuple(
        Change(item=item, before=before.get(item), after=after[item])
        for item in asked
        if before.get(item) != after[item]
    )


def _minimal_changes(instrument: Instrument, later: Responses, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """A minimal set of changes that the later placement rests on: without any one of them it is another."""
    kept, needed = _undo_needless(instrument, later, changes)
    while len(needed) < len(changes):  # what was needed beside one undone since may be needed no longer
        changes = needed
        kept, needed = _undo_needless(instrument, kept, changes)
    return needed


def _undo_needless(
    instrument: Instrument, later: Responses, changes: tuple[Change, ...]
) -> tuple[Responses, tuple[Change, ...]]:
    """The responses with each change undone that the placement does not need, and the changes that are left."""
    wanted, kept = _possible_placements(instrument, later), later
    needed = []
    for change in reversed(changes):
        without = {item: option for item, option in kept.items() if item != change.item}
        if change.before is not None:
            without[change.item] = change.before
        if _possible_placements(instrument, without) == wanted:
            kept = without
        else:
            needed.append(change)
    return kept, tuple(reversed(needed))
