"""How responses go from an older version of a bank to the newest: migrations.yaml, read and held against the items."""

from collections.abc import Mapping

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
_TO_ITEM = N_("there is no item {given} in version {version}; the nearest is {nearest}")
_TO_OPTION = N_("the item {item} has no option {given}; the nearest is {nearest}, out of: {known}")


def parse_migrations(root: Node, instrument: Instrument | None, problems: BankProblems) -> tuple[Migration, ...]:
    """The migrations, or as many as can be understood."""
    check_kind(MIGRATIONS, root, problems)
    nodes = list_parts(get_node(root, "migrations"))
    _check_ways(nodes, instrument.version if instrument else "", problems)
    for node in nodes:
        if instrument is not None and scalar_text(get_node(node, "to")) == instrument.version:
            _check_targets(node, instrument, problems)
    found: tuple[Migration, ...] = MIGRATIONS.build(root)["migrations"]
    return found


def _check_ways(nodes: tuple[Node, ...], newest: str, problems: BankProblems) -> None:
    """Each version leads on once, and in the end to the newest."""
    begins: dict[str, Node] = {}
    for node in nodes:
        at = get_node(node, "from")
        if at is not None and scalar_text(at) in begins:
            problems.add(at, _FROM_TWICE, given=scalar_text(at), first=begins[scalar_text(at)].line)
        elif at is not None:
            begins[scalar_text(at)] = at
    onward = {scalar_text(get_node(node, "from")): scalar_text(get_node(node, "to")) for node in nodes}
    for node in nodes:
        to = get_node(node, "to")
        if newest and (scalar_text(to) not in (newest, *begins) or _in_circles(scalar_text(to), newest, onward)):
            problems.add(to, _NOWHERE, given=scalar_text(to), version=newest)


def _in_circles(at: str, newest: str, onward: Mapping[str, str]) -> bool:
    """Whether the ways from a version come back to one they have been at, without the newest between."""
    been: set[str] = set()
    while at != newest and at in onward and at not in been:
        been.add(at)
        at = onward[at]
    return at in been


def _check_targets(node: Node, instrument: Instrument, problems: BankProblems) -> None:
    for at in as_map(get_node(node, "renamed")).values.values():
        _check_item(scalar_text(at), at, instrument, problems)
    for move in list_parts(get_node(node, "moves")):
        gives = as_map(get_node(move, "gives"))
        for item, key in gives.keys.items():
            if _check_item(item, key, instrument, problems):
                _check_option(item, gives.values[item], instrument, problems)


def _check_item(given: str, at: Node, instrument: Instrument, problems: BankProblems) -> bool:
    known = given in instrument.by_id
    if given and not known:
        near = problems.nearest_id(given, instrument.by_id)
        problems.add(at, _TO_ITEM, given=given, version=instrument.version, nearest=near)
    return known


def _check_option(item: str, at: Node, instrument: Instrument, problems: BankProblems) -> None:
    given, options = scalar_text(at), instrument.by_id[item].options
    if given and given not in (*options, DONT_KNOW):
        problems.add(at, _TO_OPTION, item=item, given=given, nearest=problems.nearest_id(given, options), known=options)
