"""One version of a complete questionnaire with its rules, without a word of its wording."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from assessor.core.asking_order import SettlingOrders
from assessor.core.conditions import Condition
from assessor.core.diagram import Diagram, compile_conditions, compile_rules
from assessor.core.residuals import information_gains, reduce_diagram


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One thing the instrument asks."""

    id: str
    #: Option ids, rising where order means anything.
    options: tuple[str, ...]
    #: Chains of options from worse to better; options that share no chain are not compared.
    rising: tuple[tuple[str, ...], ...] = ()
    #: Asked only while this may hold; always asked when None. Reads earlier items only.
    when: Condition | None = None
    #: Ids of headings in `Instrument.sources`.
    sources: tuple[str, ...] = ()
    #: What it takes to bring the response to an option; an option without an effort is never advised.
    efforts: Mapping[str, int] = field(default_factory=dict)
    #: From an option to another, how far it is to slip: 1 may happen by itself any day. Absent: never by itself.
    slips: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """A placement and when it holds; outcomes are tried in order and the first that holds is the placement."""

    id: str
    #: Always holds when None.
    when: Condition | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A mark of a good partnership, or a signal shown beside the placement; never part of the rules."""

    id: str
    when: Condition
    sources: tuple[str, ...] = ()
    #: Of a signal: the responses it reads hardly fit together, so the interview asks about them at once.
    asks_back: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A heading of a document that a criterion comes from."""

    id: str
    #: Title, author, year: as one would cite it, in the document's language.
    document: str
    heading: str
    #: BCP 47 tag of the document's language.
    language: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """One version of a complete questionnaire, loaded; its texts are in `Wording`."""

    id: str
    version: str
    #: SHA-256 of the rules, in hexadecimal; a new language, a mended word or a comment leaves it alone.
    digest: str = ""
    #: Digests of texts that these rules stand or stood in: what they were known by before.
    text_digests: tuple[str, ...] = field(default=(), compare=False)
    items: tuple[Item, ...]
    outcomes: tuple[Outcome, ...]
    #: Placement ids, highest first: the position, counted from 1, is the level's number.
    levels: tuple[str, ...] = ()
    #: How people are told the levels' numbers: `down` from 1 at the top, `up` to the top, or `none`. No rule reads it.
    levels_count: str = "down"
    marks: tuple[Mark, ...] = ()
    signals: tuple[Mark, ...] = ()
    #: The signals that say that the responses pull two ways, so that it may be two collaborations.
    split_signals: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    #: What a collaboration may bring; asked, never scored.
    gains: tuple[str, ...] = ()
    #: By item id, the options that tell of a paper whose end is asked for; never scored.
    ends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: By item id, the options that tell of a goal of the library's, which is asked for; never scored.
    serves: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: By item id, the options that tell that management follows the collaboration; never scored.
    followed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: By item id, the options that tell that an agreement is in force, so that no weaker paper is drafted.
    in_force: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: The compiled rules where the bank's cache had them; else `diagram` compiles them when first asked for.
    precompiled: Diagram | None = field(default=None, compare=False, repr=False)

    @cached_property
    def diagram(self) -> Diagram:
        """The rules as a decision diagram; raises `RulesTooLarge`, also where `applicability` would."""
        if self.precompiled:
            return self.precompiled
        return compile_rules(
            self.id,
            self.applicability.options,
            self._conditions_to_apply,
            tuple((outcome.id, outcome.when) for outcome in self.outcomes),
            {mark.id: mark.when for mark in (*self.marks, *self.signals)},
            self.placements,
        )

    def is_known_by(self, digest: str) -> bool:
        """Whether a digest that was kept with responses or printed on a form means these rules."""
        return digest == self.digest or digest in self.text_digests

    @cached_property
    def applicability(self) -> Diagram:
        """Whether each item with a `when` applies, as a mark by the item's id; raises `RulesTooLarge`.

        Later items are tested first, so that where items hang on one another each `when` is part of the next.
        """
        options = {item.id: item.options for item in reversed(self.items)}
        return compile_conditions(self.id, options, self._conditions_to_apply, self._conditions_to_apply)

    @property
    def _conditions_to_apply(self) -> dict[str, Condition]:
        return {item.id: item.when for item in self.items if item.when}

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        """The items by id."""
        return {item.id: item for item in self.items}

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """The position of each item in the instrument's order, by id."""
        return {item.id: at for at, item in enumerate(self.items)}

    @cached_property
    def telling_order(self) -> tuple[str, ...]:
        """The items that can change a placement, first what tells most before anything is known."""
        gains = information_gains(reduce_diagram(self.diagram, {}))
        return tuple(sorted(filter(gains.__contains__, self.by_id), key=lambda item: -gains[item]))

    @cached_property
    def settling_orders(self) -> SettlingOrders:
        """In which order short mode asks the items that can still change the placement."""
        return SettlingOrders(self.diagram, self.by_id)

    def sort_key(self, item: str, option: str) -> tuple[int, int]:
        """The positions of an item and of its option in the instrument's order."""
        return self.positions[item], self.by_id[item].options.index(option)

    @cached_property
    def advised_options(self) -> Mapping[str, tuple[tuple[str, int, tuple[int, int]], ...]]:
        """By item id, the options that may be advised, each with its effort and its sort key."""
        return {
            item.id: tuple((option, effort, self.sort_key(item.id, option)) for option, effort in item.efforts.items())
            for item in self.items
        }

    @cached_property
    def placements(self) -> tuple[str, ...]:
        """Every placement id: the levels from the highest, then the others as the bank lists them."""
        others = dict.fromkeys(outcome.id for outcome in self.outcomes if outcome.id not in self.levels)
        return (*self.levels, *others)

    def level_number(self, placement: str) -> int | None:
        """The number that people are told of a placement's level; None beside the levels, or where none are told."""
        level = self.level(placement)
        if level is None or self.levels_count == "none":
            return None
        return level if self.levels_count == "down" else len(self.levels) + 1 - level

    def level(self, placement: str) -> int | None:
        """The number of a placement's level, 1 the highest; None beside the levels."""
        return self.levels.index(placement) + 1 if placement in self.levels else None
