"""What must be true of a bank's rules, proved on the compiled diagram: for every combination, not for a sample.

- Every placement can be reached.
- Every item can change a placement, a mark or a signal.
- No mark or signal is settled before anything was responded.
- A better response (`rising`) never leads to a lower level.

The first three are read off the diagram. The last compares pairs of its nodes: two responses to an item lead from a
node to two children, and what lies above that node is the same for both. So the rules are rising in an item exactly
when no such pair *falls*, that is, has some completion that ends lower from the better child than from the worse one.
Pairs are walked together, level by level, and a pair that cannot fall is remembered for all items. There may be as many
pairs as the square of the nodes, hence `MAX_PAIRS`, beyond which the bank is refused as too large to prove.

Where responses can show that a proof fails, the problem names them. `parsing.check_bank` calls this once
instrument.yaml has no problem of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from assessor.bank.problems import BankProblems, Located
from assessor.core.conditions import AllOf
from assessor.core.diagram import Diagram
from assessor.core.instrument import Instrument, Mark
from assessor.errors import N_

#: Pairs of places in the diagram compared for one step of one item; beyond it the proof is given up.
MAX_PAIRS: Final = 300_000

_NEVER = N_(
    "no responses can ever lead to the placement {given}: what its `when` asks for contradicts itself; "
    "mend the condition, or take the outcome out"
)
_SHADOWED = N_(
    "no responses ever lead to the placement {given}, because the outcomes before it take them all; "
    "with {responses} its condition holds, but {taken} comes first: move {given} up, "
    "or narrow the conditions above it"
)
_IDLE = N_(
    "the item {given} decides nothing: no placement, mark or signal depends on it (with {responses} it is "
    "{placement} whichever option of {given} is chosen); use it in a condition, or leave it out"
)
_UNMET = N_(
    "the condition of {given} can never hold, whatever is responded (with {responses} it does not); mend it, "
    "or take {given} out"
)
_MET = N_(
    "the condition of {given} always holds, whatever is responded (with {responses} it does); mend it, "
    "or take {given} out"
)
_FALLS = N_(
    "a better response gives a lower placement: with {responses}, changing {given} from {worse} to {better} "
    "moves the collaboration from {before} to {after}; mend the conditions, or the order in `rising`"
)
_LEVELS_TURNED = N_(
    "better responses give lower placements, and none would if `levels` were turned round: the highest stands first; "
    "write [{levels}]"
)
_LEVEL_LACKS = N_(
    "better responses lead to {given}, which is no level, and none would lead lower if it were one; "
    "write [{levels}], or mend the conditions"
)
_UNPROVED = N_(
    "the rules are too large to prove that a better response to {given} never gives a lower level; "
    "tie {given} to fewer of the other items"
)


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Responses with which a better response to an item leads to a lower placement, and both placements."""

    #: To the other items.
    responses: Mapping[str, str]
    #: The placement with the worse response.
    before: str
    #: The placement with the better response, which is lower.
    after: str


class ProofTooLarge(Exception):
    """More than `MAX_PAIRS` pairs of nodes would have to be compared."""


def prove_rules(instrument: Instrument, places: Mapping[tuple[str, str], Located], problems: BankProblems) -> None:
    """Add a problem for each proof that fails; `places` gives the node of an id, by section and id."""
    _prove_reachable(instrument, places, problems)
    _prove_none_idle(instrument, places, problems)
    _prove_marks_open(instrument, places, problems)
    _prove_rising(instrument, places, problems)


def find_counterexample(instrument: Instrument, item: str, worse: str, better: str) -> Counterexample | None:
    """Responses with which `better` leads lower than `worse`; None if there are none. Raises `ProofTooLarge`."""
    return _RisingProof(instrument).find_counterexample(item, worse, better)


def idle_items(instrument: Instrument) -> tuple[str, ...]:
    """The items that no placement, mark or signal depends on: those that no node of the diagram tests."""
    diagram = instrument.diagram
    tested = {diagram.order[depth] for depth, _ in diagram.nodes}
    return tuple(item.id for item in instrument.items if item.id not in tested)


def _prove_reachable(instrument: Instrument, places: Mapping[tuple[str, str], Located], problems: BankProblems) -> None:
    """Each placement is reached by some responses; where not, its own condition or an earlier outcome is why."""
    unreached = [placement for placement, count in instrument.diagram.counts_by_placement().items() if not count]
    if not unreached:
        return
    separate = _outcomes_as_marks(instrument)
    for placement in unreached:
        responses = _responses_leading_to(
            separate.diagram, separate.diagram.marks[placement], separate.diagram.first_inner_id - 1
        )
        position = places.get(("outcomes", placement))
        if responses is None:
            problems.add(position, _NEVER, given=placement)
        else:
            taker = separate.diagram.possible_placements(_complete_responses(instrument, responses))[0]
            problems.add(position, _SHADOWED, given=placement, responses=format_responses(responses), taken=taker)


def _outcomes_as_marks(instrument: Instrument) -> Instrument:
    """The instrument with each outcome's condition as a mark, to be examined without the earlier outcomes."""
    marks = tuple(Mark(id=outcome.id, when=outcome.when or AllOf(())) for outcome in instrument.outcomes)
    return replace(instrument, marks=marks, signals=(), precompiled=None)


def _prove_none_idle(instrument: Instrument, places: Mapping[tuple[str, str], Located], problems: BankProblems) -> None:
    """Each item decides something."""
    responses = _complete_responses(instrument, {})
    [placement] = instrument.diagram.possible_placements(responses)
    for item in idle_items(instrument):
        others = format_responses({other: option for other, option in responses.items() if other != item})
        position = places.get(("items", item))
        problems.add(position, _IDLE, given=item, responses=others, placement=placement)


def _prove_marks_open(
    instrument: Instrument, places: Mapping[tuple[str, str], Located], problems: BankProblems
) -> None:
    """No mark or signal is settled before anything was responded: its node is not an end of the diagram."""
    diagram = instrument.diagram
    responses = format_responses(_complete_responses(instrument, {}))
    for section, marks in (("marks", instrument.marks), ("signals", instrument.signals)):
        for mark in marks:
            node = diagram.marks[mark.id]
            if node < diagram.first_inner_id:
                template = _MET if node == diagram.first_inner_id - 1 else _UNMET
                problems.add(places.get((section, mark.id)), template, given=mark.id, responses=responses)


def _prove_rising(instrument: Instrument, places: Mapping[tuple[str, str], Located], problems: BankProblems) -> None:
    """A better response never leads to a lower level, for each item and each step of its chains."""
    falls: list[tuple[str, str, str, Counterexample]] = []
    proof = _RisingProof(instrument)
    for item, worse, better in _rising_steps(instrument):
        try:
            counterexample = proof.find_counterexample(item, worse, better)
        except ProofTooLarge:
            problems.add(places.get(("items", item)), _UNPROVED, given=item)
            continue
        if counterexample:
            falls.append((item, worse, better, counterexample))
    if not _tell_wrong_levels(instrument, falls, places, problems):
        for item, worse, better, example in falls:
            facts = {"given": item, "worse": worse, "better": better, "before": example.before, "after": example.after}
            responses = format_responses(example.responses)
            problems.add(places.get(("items", item)), _FALLS, responses=responses, **facts)


def _tell_wrong_levels(
    instrument: Instrument,
    falls: Sequence[tuple[str, str, str, Counterexample]],
    places: Mapping[tuple[str, str], Located],
    problems: BankProblems,
) -> bool:
    """Whether several falls have one cause in `levels`, turned round or lacking one; adds a problem there if so."""
    if len(falls) < 2:
        return False
    position = places.get(("levels", ""))
    turned = instrument.levels[::-1]
    if _never_falls(replace(instrument, levels=turned)):
        problems.add(position, _LEVELS_TURNED, levels=turned)
        return True
    for lacking in dict.fromkeys(fall.after for *_, fall in falls if fall.after not in instrument.levels):
        for index in range(len(instrument.levels) + 1):
            levels = (*instrument.levels[:index], lacking, *instrument.levels[index:])
            if _never_falls(replace(instrument, levels=levels)):
                problems.add(position, _LEVEL_LACKS, given=lacking, levels=levels)
                return True
    return False


def _never_falls(instrument: Instrument) -> bool:
    """Whether no better response leads lower, as far as that can be proved."""
    proof = _RisingProof(instrument)
    try:
        return not any(proof.find_counterexample(*step) for step in _rising_steps(instrument))
    except ProofTooLarge:
        return False


def _rising_steps(instrument: Instrument) -> Iterator[tuple[str, str, str]]:
    """Item, option and next better option, each once; steps over several options follow from these."""
    for item in instrument.items:
        pairs = (pair for chain in item.rising for pair in pairwise(chain))
        yield from ((item.id, worse, better) for worse, better in dict.fromkeys(pairs))


def format_responses(responses: Mapping[str, str]) -> tuple[str, ...]:
    """Responses as a list for people."""
    return tuple(f"{item}: {option}" for item, option in responses.items()) or ("anything",)


def _complete_responses(instrument: Instrument, responses: Mapping[str, str]) -> dict[str, str]:
    """The responses, with the first option for each item that has none."""
    return {item.id: responses.get(item.id, item.options[0]) for item in instrument.items}


def _responses_leading_to(diagram: Diagram, node: int, end: int) -> dict[str, str] | None:
    """Responses that lead from a node to an end; None if no responses do."""
    waiting: list[tuple[int, dict[str, str]]] = [(node, {})]
    seen = {node}
    while waiting:
        node, path = waiting.pop()
        if node == end:
            return path
        if node < diagram.first_inner_id:
            continue
        depth, children = diagram.node(node)
        item = diagram.order[depth]
        for option, child in zip(diagram.options[item], children, strict=True):
            if child not in seen:
                seen.add(child)
                waiting.append((child, {**path, item: option}))
    return None


class _RisingProof:
    """Compares what two nodes of the diagram lead to under the same responses; see the note at the top.

    One value serves all items, since what is known of a pair of nodes does not depend on the item it came from.
    """

    def __init__(self, instrument: Instrument) -> None:
        """Rank the ends, then each node by the best and the lowest rank it can lead to."""
        self.diagram = diagram = instrument.diagram
        levels = instrument.levels
        #: By end: 0 the highest level; placements that are no level share the rank below the lowest.
        ranks = [levels.index(placement) if placement in levels else len(levels) for placement in diagram.placements]
        #: By node: the ranks it can lead to.
        self.best_ranks, self.lowest_ranks = self._rank_spans(ranks)
        #: By inner node: some responses that lead to it.
        self.responses_to_node = self._responses_to_nodes()
        #: Pairs of nodes of which the second never leads lower.
        self.proved_pairs: set[tuple[int, int]] = set()

    def find_counterexample(self, item: str, worse: str, better: str) -> Counterexample | None:
        """The first responses found with which `better` leads lower than `worse`; None if there are none."""
        depth = self.diagram.order.index(item)
        options = self.diagram.options[item]
        for node, responses in self.responses_to_node.items():
            if self.diagram.depth(node) == depth:
                children = self.diagram.node(node)[1]
                fall = self._find_fall((children[options.index(worse)], children[options.index(better)]))
                if fall:
                    return Counterexample({**responses, **fall.responses}, fall.before, fall.after)
        return None

    def _rank_spans(self, ranks: list[int]) -> tuple[list[int], list[int]]:
        """For each node, the best and the lowest rank it leads to; the two ends of marks get 0 and never count."""
        best, lowest = [*ranks, 0, 0], [*ranks, 0, 0]
        for _, children in self.diagram.nodes:
            best.append(min(best[child] for child in children))
            lowest.append(max(lowest[child] for child in children))
        return best, lowest

    def _responses_to_nodes(self) -> dict[int, dict[str, str]]:
        """Each inner node of the rules, with some responses that lead to it.

        Ids fall from the root on, so that a node is met after all that lead to it.
        """
        ways: dict[int, dict[str, str]] = {self.diagram.root: {}}
        for node in sorted(range(self.diagram.first_inner_id, self.diagram.root + 1), reverse=True):
            if node in ways:
                depth, children = self.diagram.node(node)
                item = self.diagram.order[depth]
                for option, child in zip(self.diagram.options[item], children, strict=True):
                    ways.setdefault(child, {**ways[node], item: option})
        return {node: way for node, way in ways.items() if node >= self.diagram.first_inner_id}

    def _find_fall(self, start: tuple[int, int]) -> Counterexample | None:
        """Responses under which the second of two nodes leads lower than the first; None if there are none.

        All pairs seen on a walk without a find are proved as well, and never walked again. Raises `ProofTooLarge`.
        """
        seen = {start} if self._may_fall(start) else set()
        waiting: list[tuple[tuple[int, int], dict[str, str]]] = [(pair, {}) for pair in seen]
        while waiting:
            pair, path = waiting.pop()
            depth = min(self.diagram.depth(node) for node in pair)
            if depth == len(self.diagram.order):
                before, after = (self.diagram.placements[end] for end in pair)
                return Counterexample(path, before, after)
            item = self.diagram.order[depth]
            children = zip(*(self._children(node, depth) for node in pair), strict=True)
            for option, (worse, better) in zip(self.diagram.options[item], children, strict=True):
                after_pair = worse, better
                if after_pair not in seen and self._may_fall(after_pair):
                    seen.add(after_pair)
                    waiting.append((after_pair, {**path, item: option}))
            if len(seen) + len(self.proved_pairs) > MAX_PAIRS:
                raise ProofTooLarge
        self.proved_pairs |= seen
        return None

    def _may_fall(self, pair: tuple[int, int]) -> bool:
        """Whether the second node's lowest rank is below the first one's best, so that the pair has to be walked."""
        worse, better = pair
        return worse != better and pair not in self.proved_pairs and self.lowest_ranks[better] > self.best_ranks[worse]

    def _children(self, node: int, depth: int) -> tuple[int, ...]:
        """A node's children at this depth; the node itself for each option where it does not test that item."""
        if self.diagram.depth(node) == depth:
            return self.diagram.node(node)[1]
        return (node,) * len(self.diagram.options[self.diagram.order[depth]])
