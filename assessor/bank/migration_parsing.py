"""How responses go from an older version of a bank to the newest: migrations.yaml, read and held against the items."""

from collections.abc import Mapping

from assessor.bank import schema
from assessor.bank.problems import Problems
from assessor.bank.yaml_nodes import Node, get, parts, table, text, texts
from assessor.core.history import Migration, Move
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW
from assessor.errors import N_

_FROM_TWICE = N_("the way from version {given} stands already on line {first}; write one way from each version")
_NOWHERE = N_(
    "version {given} leads nowhere; the bank is version {version}, so write how answers go on from {given} to there"
)
_TO_ITEM = N_("there is no item {given} in version {version}; the nearest is {nearest}")
_TO_OPTION = N_("the item {item} has no option {given}; the nearest is {nearest}, out of: {known}")


def read(root: Node, instrument: Instrument | None, problems: Problems) -> tuple[Migration, ...]:
    """The migrations, or as many as can be understood."""
    schema.check(schema.MigrationsShape, root, problems)
    nodes = parts(get(root, "migrations"))
    _ways(nodes, instrument.version if instrument else "", problems)
    for node in nodes:
        if instrument is not None and text(get(node, "to")) == instrument.version:
            _targets(node, instrument, problems)
    return tuple(map(_migration, nodes))


def _ways(nodes: tuple[Node, ...], newest: str, problems: Problems) -> None:
    """Each version leads on once, and in the end to the newest."""
    begins: dict[str, Node] = {}
    for node in nodes:
        at = get(node, "from")
        if at is not None and text(at) in begins:
            problems.add(at, _FROM_TWICE, given=text(at), first=begins[text(at)].line)
        elif at is not None:
            begins[text(at)] = at
    onward = {text(get(node, "from")): text(get(node, "to")) for node in nodes}
    for node in nodes:
        to = get(node, "to")
        if newest and (text(to) not in (newest, *begins) or _in_circles(text(to), newest, onward)):
            problems.add(to, _NOWHERE, given=text(to), version=newest)


def _in_circles(at: str, newest: str, onward: Mapping[str, str]) -> bool:
    """Whether the ways from a version come back to one they have been at, without the newest between."""
    been: set[str] = set()
    while at != newest and at in onward and at not in been:
        been.add(at)
        at = onward[at]
    return at in been


def _targets(node: Node, instrument: Instrument, problems: Problems) -> None:
    for at in table(get(node, "renamed")).values.values():
        _item(text(at), at, instrument, problems)
    for move in parts(get(node, "moves")):
        gives = table(get(move, "gives"))
        for item, key in gives.keys.items():
            if _item(item, key, instrument, problems):
                _option(item, gives.values[item], instrument, problems)


def _item(given: str, at: Node, instrument: Instrument, problems: Problems) -> bool:
    known = given in instrument.by_id
    if given and not known:
        near = problems.nearest(given, instrument.by_id)
        problems.add(at, _TO_ITEM, given=given, version=instrument.version, nearest=near)
    return known


def _option(item: str, at: Node, instrument: Instrument, problems: Problems) -> None:
    given, options = text(at), instrument.by_id[item].options
    if given and given not in (*options, DONT_KNOW):
        problems.add(at, _TO_OPTION, item=item, given=given, nearest=problems.nearest(given, options), known=options)


def _migration(node: Node) -> Migration:
    return Migration(
        before=text(get(node, "from")),
        after=text(get(node, "to")),
        renamed=_pairs(get(node, "renamed")),
        moves=tuple(
            Move(when=_pairs(get(move, "when")), gives=_pairs(get(move, "gives"))) for move in parts(get(node, "moves"))
        ),
        asked_anew=frozenset(texts(get(node, "asked_anew"))),
    )


def _pairs(node: Node | None) -> dict[str, str]:
    return {key: text(value) for key, value in table(node).values.items()}
