"""What a room said, in sentences: counts, how far it agrees, and what each side thinks of the other."""

from collections.abc import Iterator, Mapping

from assessor.core.instrument import Instrument
from assessor.core.raters import Concordance, DisputedItem, RatingTally
from assessor.core.responses import DONT_KNOW
from assessor.core.sides import Match, SideView
from assessor.core.workshop_findings import Findings, OtherSide, Subject
from assessor.presentation.placements import are_named, tell_placements
from assessor.presentation.terms import Terms, as_sentence, lower_first

#: From which AC1 on the room is said to agree so far, the farthest first.
_AC1_NEARLY_ALL, _AC1_MOST, _AC1_LEANING, _AC1_DIVIDED = 0.8, 0.6, 0.4, 0.2


def subject_placements(instrument: Instrument, subject: Subject) -> tuple[str, ...]:
    """Where the room places it: what was agreed on, else what most answers lead to; several where it is undecided."""
    if subject.agreed:
        return subject.agreed.verdict.placements
    return top_placements(subject.tally) if subject.tally else ()


def settles_any_placement(picture: RatingTally) -> bool:
    """Whether anybody's responses settle a placement."""
    return bool(picture.placements)


def top_placements(picture: RatingTally) -> tuple[str, ...]:
    """The placements that most raters' responses lead to; none where more of them are not settled."""
    highest = max(picture.placements.values(), default=0)
    if picture.unsettled > highest:
        return ()
    return tuple(placement for placement, count in picture.placements.items() if count == highest)


def headline(subject: Subject, speech: Terms) -> str:
    """Where the room places it, as a heading."""
    if subject.agreed:
        return agreed_headline(subject.agreed.verdict.placements, speech)
    if subject.tally is None:
        return speech.say("Not enough answers to tell")
    top, raters = top_placements(subject.tally), subject.tally.raters
    if not settles_any_placement(subject.tally):
        return speech.say("Not enough answers to place it")
    if not top:
        return speech.say("Most answers leave it open")
    if len(top) > 1:
        return speech.say("The room is divided")
    count, name = subject.tally.placements[top[0]], lower_first(speech.placement_name(top[0]))
    if count == raters:
        return speech.say("All {number} say: {placement}", number=raters, placement=name)
    return speech.say("{count} of {number} say: {placement}", count=count, number=raters, placement=name)


def agreed_headline(placements: tuple[str, ...], speech: Terms) -> str:
    """What the room agreed on, once it has gone through everything."""
    if not are_named(placements, speech.instrument):
        return speech.count(
            "Talked through, and not settled yet: {number} placement is possible",
            "Talked through, and not settled yet: {number} placements are possible",
            len(placements),
        )
    return speech.say("Agreed: {placement}", placement=lower_first(tell_placements(placements, speech)))


def agreed_so_far_sentence(placements: tuple[str, ...], speech: Terms) -> str:
    """What it may be by what the room has agreed on up to now."""
    told = tell_placements(placements, speech, "sentence")
    if are_named(placements, speech.instrument):
        return speech.say("So far it may be {placement}.", placement=told)
    return as_sentence(told)


def standing_sentence(placements: tuple[str, ...], speech: Terms) -> str:
    """Where what the room agreed on puts it."""
    told = tell_placements(placements, speech, "sentence")
    if are_named(placements, speech.instrument):
        return speech.say("It is placed as {placement}.", placement=told)
    return as_sentence(told)


def placement_counts_clause(picture: RatingTally, speech: Terms) -> str:
    """How many raters' responses lead where, as one clause."""
    said = [f"{_brief_placement(placement, speech)}: {count}" for placement, count in picture.placements.items()]
    if picture.unsettled:
        said.append(speech.say("not settled: {count}", count=picture.unsettled))
    return " · ".join(said)


def _brief_placement(placement: str, speech: Terms) -> str:
    number = speech.instrument.level(placement)
    return speech.say("level {number}", number=number) if number else lower_first(speech.placement_name(placement))


def concordance_sentences(subject: Subject, at_least: int, speech: Terms) -> tuple[str, ...]:
    """How far the raters agree, in words, and the figure or why there is none."""
    picture, found = subject.tally, subject.concordance
    if picture is None or found is None:
        return (withheld_reason(subject, at_least, speech),)
    if not found.raters:
        return (speech.say("Nobody's answers settle a placement, so there are not enough answers to compare."),)
    if found.ac1 is None:
        return (*_unanimity_sentences(found, speech), _no_figure_sentence(found.raters, at_least, speech))
    return _concordance_in_words(found, speech), ac1_sentence(found.ac1, speech)


def withheld_reason(subject: Subject, at_least: int, speech: Terms) -> str:
    """Why nothing is told of the raters."""
    if not subject.begun:
        return speech.say("Nobody in the room has answered for it.")
    if subject.begun < at_least:
        return speech.count(
            "{number} has answered. Answers are shown once {at_least} have answered, so "
            "that nobody's can be picked out.",
            "{number} have answered. Answers are shown once {at_least} have answered, so "
            "that nobody's can be picked out.",
            subject.begun,
            at_least=at_least,
        )
    return speech.say(
        "The answers are withheld, because they would reveal what a few people have "
        "answered since they were last shown."
    )


def _unanimity_sentences(found: Concordance, speech: Terms) -> tuple[str, ...]:
    if found.observed == 1:
        return (speech.say("Everyone whose answers settle a placement places it the same way."),)
    return ()


def _no_figure_sentence(raters: int, at_least: int, speech: Terms) -> str:
    return speech.count(
        "No figure is given: only {number} person's answers settle a placement, and it takes {at_least}.",
        "No figure is given: only {number} people's answers settle a placement, and it takes {at_least}.",
        raters,
        at_least=at_least,
    )


def _concordance_in_words(found: Concordance, speech: Terms) -> str:
    ac1 = found.ac1 or 0.0
    if found.observed == 1:
        return speech.say("Everyone whose answers settle a placement places it the same way.")
    if ac1 >= _AC1_NEARLY_ALL:
        return speech.say("Nearly everybody places it the same way.")
    if ac1 >= _AC1_MOST:
        return speech.say("Most place it the same way.")
    if ac1 >= _AC1_LEANING:
        return speech.say("The room leans one way, but is far from agreed.")
    if ac1 >= _AC1_DIVIDED:
        return speech.say("The room is divided.")
    return speech.say("The room hardly agrees more than by chance.")


def ac1_sentence(ac1: float, speech: Terms) -> str:
    """The chance-corrected figure in a sentence."""
    return speech.say("Agreement beyond chance (AC1): {figure}.", figure=format_figure(ac1, speech.language))


def format_figure(number: float, language: str) -> str:
    """Two decimals, as the language writes them."""
    from babel.numbers import format_decimal  # slow to import, and not needed where a finished report is found

    return format_decimal(round(number, 2) + 0.0, format="0.00", locale=language)


def gut_feelings_sentence(picture: RatingTally, speech: Terms) -> str:
    """How the gut feelings stood against the answers; empty where none was given."""
    known = sum(count for placement, count in picture.gut.items() if placement != DONT_KNOW)
    if not known:
        return ""
    return speech.count(
        "{number} person gave a gut feeling: the same as the answers for {same}.",
        "{number} people gave a gut feeling: the same as the answers for {same}.",
        known,
        same=picture.as_felt,
    )


def gut_feeling_direction(picture: RatingTally | None, placed: tuple[str, ...], instrument: Instrument) -> int:
    """1 where most gut feelings stood higher than the room places it, -1 where lower, 0 else."""
    counts = {each: count for each, count in (picture.gut if picture else {}).items() if each != DONT_KNOW}
    top = [each for each, count in counts.items() if count == max(counts.values())]
    if len(top) != 1 or len(placed) != 1:
        return 0
    order = instrument.placements
    return (order.index(top[0]) < order.index(placed[0])) - (order.index(top[0]) > order.index(placed[0]))


def split_sentence(split: DisputedItem, speech: Terms) -> str:
    """What the raters gave to an item, in words, the most common first."""
    return response_counts_sentence(split.item, split.counts, speech)


def response_counts_sentence(item: str, counts: Mapping[str, int], speech: Terms) -> str:
    """How many gave which response, in words, the most common first."""
    known = sorted((pair for pair in counts.items() if pair[0] != DONT_KNOW), key=lambda pair: -pair[1])
    said = [_response_count(item, option, count, speech) for option, count in known]
    if unknown := counts.get(DONT_KNOW, 0):
        said.append(speech.count("{number} does not know", "{number} do not know", unknown))
    return f"{speech.format_list(said)}."


def _response_count(item: str, option: str, count: int, speech: Terms) -> str:
    response = speech.short_response(item, option)
    return speech.count(
        "{number} says “{response}”", "{number} say “{response}”", count, response=lower_first(response)
    )


def win_win_sentences(other: OtherSide, speech: Terms) -> tuple[str, ...]:
    """Who gets something out of it: what each says of itself against what the other thinks."""
    if other.win_win is None:
        return ()
    both = {
        True: speech.say("Each side itself says that it gets something out of it: both win."),
        False: speech.say("Not both win: one side itself says that it gets nothing out of it."),
        None: speech.say("We do not know whether both win: one side has not said whether it gets something out of it."),
    }
    return (
        both[other.win_win.both],
        _their_gain(other.win_win.party, speech),
        _our_gain(other.win_win.library, speech),
    )


def _their_gain(said: SideView, speech: Terms) -> str:
    match said.own, said.other:
        case True, True:
            return speech.say("We think that they get something out of it, and so do they.")
        case True, _:
            return speech.say("They say that they get something out of it, which we did not expect or know.")
        case False, True:
            return speech.say("We think that they get something out of it, but they say that they do not.")
        case False, _:
            return speech.say("They say that they get nothing out of it.")
        case None, True:
            return speech.say("We think that they get something out of it; they have not said.")
    return speech.say("We do not know whether they get something out of it.")


def _our_gain(said: SideView, speech: Terms) -> str:
    match said.own, said.other:
        case True, True:
            return speech.say("They think that we get something out of it, and so do we.")
        case True, _:
            return speech.say("We say that we get something out of it, which they did not expect or know.")
        case False, True:
            return speech.say("They think that we get something out of it, but we say that we do not.")
        case False, _:
            return speech.say("We say that we get nothing out of it.")
        case None, True:
            return speech.say("They think that we get something out of it; we have not said.")
    return speech.say("We do not know whether we get something out of it.")


def matches_sentence(other: OtherSide, speech: Terms) -> str:
    """To how many questions the two sides say the same."""
    known = [each for each in other.compared if each.match is not Match.UNKNOWN]
    if not known:
        return speech.say("There is no question yet that both have answered.")
    same = sum(each.match is Match.SAME for each in known)
    return speech.count(
        "The two sides agree on {same} of the {number} question that both have answered.",
        "The two sides agree on {same} of the {number} questions that both have answered.",
        len(known),
        same=same,
    )


def gains_by_side(other: OtherSide, speech: Terms) -> Iterator[tuple[str, str]]:
    """What the cooperation brings, by who ticked it."""
    told = (
        (speech.say("Both say it brings"), other.gains.both),
        (speech.say("Only we say it brings"), other.gains.ours),
        (speech.say("Only they say it brings"), other.gains.theirs),
    )
    for title, gains in told:
        if gains:
            yield title, ", ".join(lower_first(speech.wording.gains[gain]) for gain in gains)


def both_placements_sentence(other: OtherSide, ours: tuple[str, ...], speech: Terms) -> str:
    """The placement as each side sees it."""
    theirs = other.verdict.placements
    if not ours:
        return speech.say("Their answers make it {theirs}.", theirs=tell_placements(theirs, speech, "sentence"))
    return speech.say(
        "Our answers make it {ours}; theirs make it {theirs}.",
        ours=tell_placements(ours, speech, "sentence"),
        theirs=tell_placements(theirs, speech, "sentence"),
    )


def participation_summary(findings: Findings, speech: Terms) -> str:
    """How many took part, on how much, and what came of it."""
    said = []
    if findings.joined:
        said.append(speech.count("One person took part.", "{number} people took part.", findings.joined))
    number = len(findings.subjects)
    if not number:
        return " ".join([*said, speech.say("No collaboration was on the table.")])
    said.append(
        speech.count("One collaboration was on the table.", "{number} collaborations were on the table.", number)
    )
    agreed = sum(subject.agreed is not None for subject in findings.subjects)
    said.append(
        speech.count("The room agreed on {number} of them.", "The room agreed on {number} of them.", agreed)
        if agreed
        else speech.say("The room has not agreed on where any of them stands.")
    )
    few = sum(subject.tally is None for subject in findings.subjects)
    if few:
        said.append(speech.count("{number} has too few answers.", "{number} have too few answers.", few))
    return " ".join(said)
