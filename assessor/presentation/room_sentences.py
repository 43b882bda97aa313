"""What a room said, in sentences: counts, how far it agrees, and how the two sides see each other.

Used by the board of a workshop while it runs and by its report afterwards. Counts come from `core`, which has withheld
them (None) where so few answered that single responses would show; here that is only said, never decided.
"""

from collections.abc import Collection, Iterator, Mapping

from assessor.core.instrument import Instrument
from assessor.core.raters import Concordance, RatingTally
from assessor.core.responses import DONT_KNOW
from assessor.core.settling import DecidingItem, RoomSettlement
from assessor.core.sides import Match, SideView, WinWin
from assessor.core.workshop_findings import Findings, OtherSide, Subject
from assessor.presentation.placements import are_named, list_placements, tell_placements
from assessor.presentation.terms import Terms, as_sentence, lower_first

#: From which AC1 on the room is said to agree so far, from the highest; below the last it is called chance.
_AC1_NEARLY_ALL, _AC1_MOST, _AC1_LEANING, _AC1_DIVIDED = 0.8, 0.6, 0.4, 0.2


def subject_placements(instrument: Instrument, subject: Subject) -> tuple[str, ...]:
    """Where the room places a collaboration: as agreed, else where most answers lead; several where those are level."""
    if subject.agreed:
        return subject.agreed.verdict.placements
    return top_placements(subject.tally) if subject.tally else ()


def settles_any_placement(tally: RatingTally) -> bool:
    """Whether the responses of at least one rater settle a placement."""
    return bool(tally.placements)


def top_placements(tally: RatingTally) -> tuple[str, ...]:
    """The placements that most raters' responses lead to; none where even more raters' responses settle nothing."""
    highest = max(tally.placements.values(), default=0)
    if tally.unsettled > highest:
        return ()
    return tuple(placement for placement, count in tally.placements.items() if count == highest)


def headline(subject: Subject, terms: Terms) -> str:
    """Where the room places a collaboration, as a heading; says so where too few answered or most left it open."""
    if subject.agreed:
        return agreed_headline(subject.agreed.verdict.placements, terms)
    if subject.tally is None:
        return terms.say("Not enough answers to tell")
    top, raters = top_placements(subject.tally), subject.tally.raters
    if not settles_any_placement(subject.tally):
        return terms.say("Not enough answers to place it")
    if not top:
        return terms.say("Most answers leave it open")
    if len(top) > 1:
        return terms.say("The room is divided")
    count, name = subject.tally.placements[top[0]], lower_first(terms.placement_name(top[0]))
    if count == raters:
        return terms.say("All {number} say: {placement}", number=raters, placement=name)
    return terms.say("{count} of {number} say: {placement}", count=count, number=raters, placement=name)


def agreed_headline(placements: tuple[str, ...], terms: Terms) -> str:
    """Where the room's agreement places a collaboration, as a heading once everything has been talked through."""
    if not are_named(placements, terms.instrument):
        return terms.count(
            "Talked through, and not settled yet: {number} placement is possible",
            "Talked through, and not settled yet: {number} placements are possible",
            len(placements),
        )
    return terms.say("Agreed: {placement}", placement=lower_first(tell_placements(placements, terms)))


def settlement_sentence(settlement: RoomSettlement, terms: Terms) -> str:
    """Where a collaboration stands by what the room has settled: that it is agreed and what is left open, or so far."""
    if settlement.agreed and settlement.left_open:
        return terms.say(
            "{agreed}. Left open: {items}.",
            agreed=agreed_headline(settlement.placements, terms),
            items=terms.format_list([lower_first(terms.item_heading(item)) for item in settlement.left_open]),
        )
    if settlement.agreed:
        return as_sentence(agreed_headline(settlement.placements, terms))
    possible = tell_placements(settlement.placements, terms, "sentence")
    if are_named(settlement.placements, terms.instrument):
        return terms.say("So far it may be {placement}.", placement=possible)
    return as_sentence(possible)


def deciding_sentence(split: DecidingItem, terms: Terms) -> str:
    """Where each response that was given leads; that others decide with it, where all lead to the same."""
    if len(set(split.leads.values())) == 1:
        return terms.say("Decides only together with other answers.")
    leads = [
        terms.say(
            "{response} → {placements}",
            response=lower_first(terms.short_response(split.item, option)),
            placements=list_placements(placements, terms, "brief"),
        )
        for option, placements in split.leads.items()
    ]
    return as_sentence("; ".join(leads))


def folded_sentence(settlement: RoomSettlement, terms: Terms) -> str:
    """On which items the room differs without moving anything; empty where there are none."""
    if not settlement.folded:
        return ""
    return terms.count(
        "Answers also differ on {number} question without moving anything: {items}.",
        "Answers also differ on {number} questions without moving anything: {items}.",
        len(settlement.folded),
        items=terms.format_list([lower_first(terms.item_heading(each.item)) for each in settlement.folded]),
    )


def placement_counts_clause(tally: RatingTally, terms: Terms) -> str:
    """How many raters' responses lead to each placement, as one clause with dots between."""
    parts = [f"{terms.brief_name(placement)}: {count}" for placement, count in tally.placements.items()]
    if tally.unsettled:
        parts.append(terms.say("not settled: {count}", count=tally.unsettled))
    return " · ".join(parts)


def concordance_sentences(subject: Subject, at_least: int, terms: Terms) -> tuple[str, ...]:
    """How far the raters agree, in words and as a figure, or why there is no figure.

    `at_least` is how many must have answered before anything is shown.
    """
    tally, concordance = subject.tally, subject.concordance
    if tally is None or concordance is None:
        return (withheld_reason(subject, at_least, terms),)
    if not concordance.raters:
        return (terms.say("Nobody's answers settle a placement, so there are not enough answers to compare."),)
    if concordance.ac1 is None:
        return (*_unanimity_sentences(concordance, terms), _no_figure_sentence(concordance.raters, at_least, terms))
    return _concordance_in_words(concordance, terms), ac1_sentence(concordance.ac1, terms)


def withheld_reason(subject: Subject, at_least: int, terms: Terms) -> str:
    """Why no counts are shown: too few have answered, or too few of those have themselves."""
    if not subject.begun:
        return terms.say("Nobody in the room has answered for it.")
    if subject.begun < at_least:
        return terms.count(
            "{number} has answered. Answers are shown once {at_least} have answered, so "
            "that nobody's can be picked out.",
            "{number} have answered. Answers are shown once {at_least} have answered, so "
            "that nobody's can be picked out.",
            subject.begun,
            at_least=at_least,
        )
    return terms.say(
        "Answers are shown once {at_least} have answered themselves; paper that the workshop leader enters "
        "does not count towards it.",
        at_least=at_least,
    )


def withheld_counts_sentences(tally: RatingTally, at_least: int, terms: Terms) -> tuple[str, ...]:
    """Why gut feelings or questions are not among the counts; the same whether few answered or nobody was asked."""
    sentences = []
    if tally.as_felt is None:
        sentences.append(
            terms.say("Gut feelings are shown once {at_least} people have given one themselves.", at_least=at_least)
        )
    if tally.items.keys() < terms.instrument.by_id.keys():
        sentences.append(
            terms.say(
                "The answers to a question are shown once {at_least} people have answered it themselves.",
                at_least=at_least,
            )
        )
    return tuple(sentences)


def _unanimity_sentences(concordance: Concordance, terms: Terms) -> tuple[str, ...]:
    """That all place it alike, where they do. This may be said even where there are too few raters for a figure."""
    if concordance.observed == 1:
        return (terms.say("Everyone whose answers settle a placement places it the same way."),)
    return ()


def _no_figure_sentence(raters: int, at_least: int, terms: Terms) -> str:
    return terms.count(
        "No figure is given: only {number} person's answers settle a placement, and it takes {at_least}.",
        "No figure is given: only {number} people's answers settle a placement, and it takes {at_least}.",
        raters,
        at_least=at_least,
    )


def _concordance_in_words(concordance: Concordance, terms: Terms) -> str:
    """The figure as one of six sentences, so that nobody need know what AC1 means."""
    ac1 = concordance.ac1 or 0.0
    if concordance.observed == 1:
        return terms.say("Everyone whose answers settle a placement places it the same way.")
    if ac1 >= _AC1_NEARLY_ALL:
        return terms.say("Nearly everybody places it the same way.")
    if ac1 >= _AC1_MOST:
        return terms.say("Most place it the same way.")
    if ac1 >= _AC1_LEANING:
        return terms.say("The room leans one way, but is far from agreed.")
    if ac1 >= _AC1_DIVIDED:
        return terms.say("The room is divided.")
    return terms.say("The room hardly agrees more than by chance.")


def ac1_sentence(ac1: float, terms: Terms) -> str:
    """The chance-corrected figure in a sentence."""
    return terms.say("Agreement beyond chance (AC1): {figure}.", figure=format_figure(ac1, terms.language))


def format_figure(number: float, language: str) -> str:
    """Two decimals, as the language writes them; a zero never has a minus."""
    from babel.numbers import format_decimal  # slow to import, and not needed where a finished report is found

    return format_decimal(round(number, 2) + 0.0, format="0.00", locale=language)


def gut_feelings_sentence(tally: RatingTally, terms: Terms) -> str:
    """How many gut feelings were the same as the answers; empty where that is withheld."""
    if tally.felt is None or tally.as_felt is None:
        return ""
    return terms.count(
        "{number} person gave a gut feeling: the same as the answers for {same}.",
        "{number} people gave a gut feeling: the same as the answers for {same}.",
        tally.felt,
        same=tally.as_felt,
    )


def gut_feeling_direction(tally: RatingTally | None, placed: tuple[str, ...], instrument: Instrument) -> int:
    """1 where most gut feelings were higher than the room's placement, -1 where lower, 0 where equal or undecided."""
    counts = {placement: count for placement, count in (tally.gut if tally else {}).items() if placement != DONT_KNOW}
    top = [placement for placement, count in counts.items() if count == max(counts.values())]
    if len(top) != 1 or len(placed) != 1:
        return 0
    order = instrument.placements
    return (order.index(top[0]) < order.index(placed[0])) - (order.index(top[0]) > order.index(placed[0]))


def response_counts_sentence(item: str, counts: Mapping[str, int], terms: Terms) -> str:
    """How many gave which response, the most common first and don't knows last."""
    known = sorted((pair for pair in counts.items() if pair[0] != DONT_KNOW), key=lambda pair: -pair[1])
    parts = [_response_count(item, option, count, terms) for option, count in known]
    if unknown := counts.get(DONT_KNOW, 0):
        parts.append(terms.count("{number} does not know", "{number} do not know", unknown))
    return f"{terms.format_list(parts)}."


def _response_count(item: str, option: str, count: int, terms: Terms) -> str:
    response = terms.short_response(item, option)
    return terms.count("{number} says “{response}”", "{number} say “{response}”", count, response=lower_first(response))


def win_win_sentences(other: OtherSide, terms: Terms) -> tuple[str, ...]:
    """Whether both sides gain: what each says of itself against what the other thinks; none where it is not asked."""
    if other.win_win is None:
        return ()
    return (
        both_win_sentence(other.win_win, terms),
        _their_gain(other.win_win.party, terms),
        _our_gain(other.win_win.library, terms),
    )


def both_win_sentence(found: WinWin, terms: Terms) -> str:
    """Whether each side says of itself that it gains; the same for whoever reads it."""
    match found.both:
        case True:
            return terms.say("Each side itself says that it gets something out of it: both win.")
        case False:
            return terms.say("Not both win: one side itself says that it gets nothing out of it.")
    return terms.say("We do not know whether both win: one side has not said whether it gets something out of it.")


def _their_gain(view: SideView, terms: Terms) -> str:
    """Whether the other party gains. Its own word outweighs ours; ours counts as an opinion where it is silent."""
    match view.own, view.other:
        case True, True:
            return terms.say("We think that they get something out of it, and so do they.")
        case True, _:
            return terms.say("They say that they get something out of it, which we did not expect or know.")
        case False, True:
            return terms.say("We think that they get something out of it, but they say that they do not.")
        case False, _:
            return terms.say("They say that they get nothing out of it.")
        case None, True:
            return terms.say("We think that they get something out of it; they have not said.")
    return terms.say("We do not know whether they get something out of it.")


def _our_gain(view: SideView, terms: Terms) -> str:
    """Whether the library gains, the same with sides exchanged."""
    match view.own, view.other:
        case True, True:
            return terms.say("They think that we get something out of it, and so do we.")
        case True, _:
            return terms.say("We say that we get something out of it, which they did not expect or know.")
        case False, True:
            return terms.say("They think that we get something out of it, but we say that we do not.")
        case False, _:
            return terms.say("We say that we get nothing out of it.")
        case None, True:
            return terms.say("They think that we get something out of it; we have not said.")
    return terms.say("We do not know whether we get something out of it.")


def matches_sentence(other: OtherSide, terms: Terms) -> str:
    """To how many questions the two sides say the same, of those that both have answered."""
    known = [comparison for comparison in other.compared if comparison.match is not Match.UNKNOWN]
    if not known:
        return terms.say("There is no question yet that both have answered.")
    same = sum(comparison.match is Match.SAME for comparison in known)
    return terms.count(
        "The two sides agree on {same} of the {number} question that both have answered.",
        "The two sides agree on {same} of the {number} questions that both have answered.",
        len(known),
        same=same,
    )


def gains_by_side(other: OtherSide, terms: Terms) -> Iterator[tuple[str, str]]:
    """What the cooperation brings, as pairs of heading and list: named by both, by us alone, by them alone."""
    titled_gains = (
        (terms.say("Both say it brings"), other.gains.both),
        (terms.say("Only we say it brings"), other.gains.ours),
        (terms.say("Only they say it brings"), other.gains.theirs),
    )
    for title, gains in titled_gains:
        if gains:
            yield title, ", ".join(lower_first(terms.wording.gains[gain]) for gain in gains)


def both_placements_sentence(other: OtherSide, ours: tuple[str, ...], terms: Terms) -> str:
    """The placement by each side's answers; by theirs alone where `ours` is empty."""
    theirs = other.verdict.placements
    if not ours:
        return terms.say("Their answers make it {theirs}.", theirs=tell_placements(theirs, terms, "sentence"))
    return terms.say(
        "Our answers make it {ours}; theirs make it {theirs}.",
        ours=tell_placements(ours, terms, "sentence"),
        theirs=tell_placements(theirs, terms, "sentence"),
    )


def participation_summary(findings: Findings, terms: Terms) -> str:
    """How many people took part, on how many collaborations, and on how many of them the room agreed."""
    sentences = []
    if findings.joined:
        sentences.append(terms.count("One person took part.", "{number} people took part.", findings.joined))
    number = len(findings.subjects)
    if not number:
        return " ".join([*sentences, terms.say("No collaboration was on the table.")])
    sentences.append(
        terms.count("One collaboration was on the table.", "{number} collaborations were on the table.", number)
    )
    agreed = sum(subject.agreed is not None for subject in findings.subjects)
    sentences.append(
        terms.count("The room agreed on {number} of them.", "The room agreed on {number} of them.", agreed)
        if agreed
        else terms.say("The room has not agreed on where any of them stands.")
    )
    few = sum(subject.tally is None for subject in findings.subjects)
    if few:
        sentences.append(terms.count("{number} has too few answers.", "{number} have too few answers.", few))
    return " ".join(sentences)


def wanted_label(wanted: str | None, placements: Collection[str], terms: Terms) -> str:
    """What a room wishes a collaboration to be, with an arrow; empty where that is what it is."""
    order, levels = terms.instrument.placements, terms.instrument.levels
    if wanted not in order or not placements or (wanted not in levels and not set(levels) & set(placements)):
        return ""
    at, now = order.index(wanted), [order.index(placement) for placement in placements]
    if min(now) <= at <= max(now):
        return ""
    number = terms.instrument.level_number(wanted)
    name = terms.say("Level {number}", number=number) if number else terms.placement_name(wanted)
    return ("↑ " if at < min(now) else "↓ ") + name
