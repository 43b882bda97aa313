"""migrations.yaml to migrations, checked against the newest version of the instrument; `parsing` calls this.

Ids on the side that a migration comes from are checked where the bank keeps that version, those on the side that it
leads to where that is the newest version or one that is kept. `core.history` applies migrations.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from assessor.bank.file_format import MIGRATIONS
from assessor.bank.problems import BankProblems
from assessor.bank.value_kinds import check_kind
from assessor.bank.yaml_nodes import Node, as_map, get_node, list_parts, scalar_text
from assessor.core.history import Migration
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW
from assessor.errors import N_

_FROM_TWICE = N_("the way from version {given} stands already on line {first}; write one way from each version")
_NOWHERE = N_(
    "version {given} leads nowhere; the bank is version {version}, so write how answers go on from {given} to there"
)
_NO_WAY = N_(
    "no migration leads on from version {given}, which the bank keeps; add one from there, or correct a `from`"
)
_ITEM_GONE = N_(
    "version {version} has no item {given} any more, and nothing says how its responses go on; "
    "name it under `renamed`, in a `when` under `moves`, or under `asked_anew`"
)
_OPTION_GONE = N_(
    "the item {item} has no option {given} in version {version} any more, and nothing says what becomes of it; "
    "name it in a `when` under `moves`, or under `readings`, or the item under `asked_anew`"
)
_TO_ITEM = N_("there is no item {given} in version {version}; the nearest is {nearest}")
_TO_OPTION = N_("the item {item} has no option {given}; the nearest is {nearest}, out of: {known}")


def parse_migrations(
    root: Node,
    instrument: Instrument | None,
    problems: BankProblems,
    earlier: Mapping[str, Instrument] = MappingProxyType({}),
) -> tuple[Migration, ...]:
    """The migrations, or those that can be understood; adds a problem for everything wrong in the file.

    `earlier` holds the versions that the bank keeps.
    """
    check_kind(MIGRATIONS, root, problems)
    nodes = list_parts(get_node(root, "migrations"))
    _check_ways(nodes, instrument.version if instrument else "", problems)
    _check_kept_lead_on(root, nodes, earlier, problems)
    known = {**earlier, instrument.version: instrument} if instrument else earlier
    for node in nodes:
        before = known.get(scalar_text(get_node(node, "from")))
        after = known.get(scalar_text(get_node(node, "to")))
        found = len(problems.found)
        if before:
            _check_origins(node, before, problems)
        if after:
            _check_targets(node, after, problems)
        if before and after and len(problems.found) == found:
            _check_nothing_lost(node, before, after, problems)
    migrations: tuple[Migration, ...] = MIGRATIONS.build(root)["migrations"]
    return migrations


def _check_ways(nodes: tuple[Node, ...], newest: str, problems: BankProblems) -> None:
    """Add a problem where a version leads on twice, or never arrives at the newest version."""
    first_by_version: dict[str, Node] = {}
    for node in nodes:
        from_node = get_node(node, "from")
        version = scalar_text(from_node)
        if from_node is not None and version in first_by_version:
            problems.add(from_node, _FROM_TWICE, given=version, first=first_by_version[version].line)
        elif from_node is not None:
            first_by_version[version] = from_node
    onward = {scalar_text(get_node(node, "from")): scalar_text(get_node(node, "to")) for node in nodes}
    for node in nodes:
        to_node = get_node(node, "to")
        version = scalar_text(to_node)
        if newest and version and (version not in (newest, *first_by_version) or _in_circles(version, newest, onward)):
            problems.add(to_node, _NOWHERE, given=version, version=newest)


def _check_kept_lead_on(root: Node, nodes: tuple[Node, ...], earlier: Iterable[str], problems: BankProblems) -> None:
    """Add a problem for each kept version that no migration comes from, as where a `from` is misspelt."""
    origins = {scalar_text(get_node(node, "from")) for node in nodes}
    for version in earlier:
        if version not in origins:
            problems.add(next(iter(as_map(root).keys.values()), root), _NO_WAY, given=version)


def _check_nothing_lost(node: Node, before: Instrument, after: Instrument, problems: BankProblems) -> None:
    """Add a problem for each item or option that is gone and that the migration does not mention."""
    position = get_node(node, "from") or node
    renamed = {item: scalar_text(new) for item, new in as_map(get_node(node, "renamed")).values.items()}
    moved = _mentioned_options(get_node(move, "when") for move in list_parts(get_node(node, "moves")))
    read = as_map(get_node(node, "readings")).values
    dropped = {scalar_text(item) for item in list_parts(get_node(node, "asked_anew"))}
    for item in before.items:
        if item.id in dropped:
            continue
        new = after.by_id.get(renamed.get(item.id, item.id))
        if new is None:
            if not any(moved_item == item.id for moved_item, _ in moved):
                problems.add(position, _ITEM_GONE, given=item.id, version=after.version)
            continue
        known = {*new.options, *as_map(read.get(item.id)).keys}
        for option in item.options:
            if option not in known and (item.id, option) not in moved:
                problems.add(position, _OPTION_GONE, item=item.id, given=option, version=after.version)


def _mentioned_options(responses: Iterable[Node | None]) -> set[tuple[str, str]]:
    """Item and option of all these tables of responses."""
    return {(item, scalar_text(option)) for node in responses for item, option in as_map(node).values.items()}


def _in_circles(version: str, newest: str, onward: Mapping[str, str]) -> bool:
    """Whether the way on from a version returns to one it has passed, before the newest is reached."""
    visited: set[str] = set()
    while version != newest and version in onward and version not in visited:
        visited.add(version)
        version = onward[version]
    return version in visited


def _check_targets(node: Node, instrument: Instrument, problems: BankProblems) -> None:
    """Add a problem for each item or option that a migration to the newest version gives and the instrument lacks."""
    for new_id in as_map(get_node(node, "renamed")).values.values():
        _check_item(scalar_text(new_id), new_id, instrument, problems)
    for move in list_parts(get_node(node, "moves")):
        _check_responses(get_node(move, "gives"), instrument, problems)
    renamed = as_map(get_node(node, "renamed")).values
    readings = as_map(get_node(node, "readings"))
    for old_item, key in readings.keys.items():
        item = scalar_text(renamed[old_item]) if old_item in renamed else old_item
        if _check_item(item, key, instrument, problems):
            for option in _readings_of_item(readings.values[old_item]):
                _check_option(item, option, instrument, problems)


def _check_origins(node: Node, instrument: Instrument, problems: BankProblems) -> None:
    """Add a problem for each item or option that a migration takes from a kept version and that version lacks."""
    for key in as_map(get_node(node, "renamed")).keys.values():
        _check_item(scalar_text(key), key, instrument, problems)
    for asked in list_parts(get_node(node, "asked_anew")):
        _check_item(scalar_text(asked), asked, instrument, problems)
    for move in list_parts(get_node(node, "moves")):
        _check_responses(get_node(move, "when"), instrument, problems)
    readings = as_map(get_node(node, "readings"))
    for item, key in readings.keys.items():
        if _check_item(item, key, instrument, problems):
            for option in as_map(readings.values[item]).keys.values():
                _check_option(item, option, instrument, problems)


def _check_responses(node: Node | None, instrument: Instrument, problems: BankProblems) -> None:
    """Add a problem for each item or option of a table of responses that the instrument lacks."""
    responses = as_map(node)
    for item, key in responses.keys.items():
        if _check_item(item, key, instrument, problems):
            _check_option(item, responses.values[item], instrument, problems)


def _readings_of_item(node: Node) -> Iterator[Node]:
    """The options that the options of one item may mean."""
    for options in as_map(node).values.values():
        yield from list_parts(options)


def _check_item(item: str, node: Node, instrument: Instrument, problems: BankProblems) -> bool:
    """Whether the instrument has the item; adds a problem where it has not."""
    known = item in instrument.by_id
    if item and not known:
        nearest = problems.nearest_id(item, instrument.by_id)
        problems.add(node, _TO_ITEM, given=item, version=instrument.version, nearest=nearest)
    return known


def _check_option(item: str, node: Node, instrument: Instrument, problems: BankProblems) -> None:
    """Add a problem where the item has no such option; a don't know is always one."""
    given, options = scalar_text(node), instrument.by_id[item].options
    if given and given not in (*options, DONT_KNOW):
        problems.add(
            node, _TO_OPTION, item=item, given=given, nearest=problems.nearest_id(given, options), known=options
        )
