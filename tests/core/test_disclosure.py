"""What a room is told of its answers never makes a single person's certain, whatever is told, and however often."""

import os
from dataclasses import dataclass, field

import pytest
from attacker import Certain, Person, Told, happened, leader_of, pattern_of, rooms, worked_out
from hypothesis import given, settings
from hypothesis import strategies as st

from assessor.core.disclosure import (
    Disclosure,
    RaterVersion,
    RoomBallots,
    dump_disclosure,
    is_waiting,
    next_disclosure,
    paper_counted,
    parse_disclosure,
)
from assessor.core.raters import FELT, GUT, OTHER, PLACEMENT, SAME, UNSETTLED, count_ballots

#: A question that leads to a second one, unless it is not known.
GATED = (
    {PLACEMENT: "strong", "written": "yes", "what": "agreement"},
    {PLACEMENT: "weak", "written": "yes", "what": "intent"},
    {PLACEMENT: UNSETTLED, "written": "dont_know"},
)
#: A question that not everybody gives a gut feeling to.
FELT_TOO = (
    {PLACEMENT: "weak", "written": "no"},
    {PLACEMENT: "strong", "written": "yes", GUT: "strong", FELT: SAME},
    {PLACEMENT: "weak", "written": "no", GUT: "strong", FELT: OTHER},
)


@dataclass
class Room:
    """A room that is told by a rule, and all that an attacker sees of it."""

    rule: object
    threshold: int
    possible: tuple = GATED
    people: dict[str, list[dict]] = field(default_factory=dict)
    own: dict[str, bool] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    disclosure: Disclosure = field(default_factory=Disclosure)

    def __post_init__(self):
        self.told = Told()

    def give(self, name, ballot, own=True):
        self.people.setdefault(name, []).append(ballot)
        self.own.setdefault(name, own)

    def ballots(self):
        standings = {
            name: RaterVersion(version=0 if name in self.removed else len(given), own=self.own[name])
            for name, given in self.people.items()
        }
        every = {(name, n): ballot for name, given in self.people.items() for n, ballot in enumerate(given, 1)}
        return RoomBallots(standings=standings, ballots=every)

    def tell(self):
        self.rule(self)

    def persons(self):
        return {name: Person(tuple(given)) for name, given in self.people.items()}


def by_disclosure(room):
    """Tell as the program does, and note what an attacker can know of it."""
    before, ballots = room.disclosure, room.ballots()
    now = next_disclosure(before, ballots, room.threshold)
    if now == before:
        return
    room.disclosure = now
    papers = sum(not room.own[name] for name in now.counted)
    room.told.note(before, now, room.threshold + papers, room.possible)


def as_before(room):
    """Tell as versions before this one did: a threshold on the whole, and on the part that changed most."""
    counted = {name: len(given) for name, given in room.people.items() if name not in room.removed}
    now = count_ballots(room.people[name][-1] for name in counted)
    telling = max(map(len, room.told.counted.values()), default=0)
    if len(counted) < room.threshold:
        return
    if telling:
        shown = {question: counts for (at, question), counts in room.told.counts.items() if at == telling - 1}
        total, old = len(counted), sum(shown[PLACEMENT].values())
        moved = max(_moved(shown.get(part, {}), old, now.get(part, {}), total) for part in shown.keys() | now.keys())
        if 0 < moved < room.threshold:
            return
    names = room.told.counted.keys() | counted.keys()
    room.told.counted = {name: (*room.told.counted.get(name, (0,) * telling), counted.get(name, 0)) for name in names}
    room.told.counts.update({(telling, question): counts for question, counts in now.items()})


def _moved(before, total_before, after, total_after):
    before = {**before, None: total_before - sum(before.values())}
    after = {**after, None: total_after - sum(after.values())}
    steps = [after.get(category, 0) - before.get(category, 0) for category in before.keys() | after.keys()]
    return max(sum(step for step in steps if step > 0), -sum(step for step in steps if step < 0))


def given_away(room, known, possible) -> list[Certain]:
    """What is certain of somebody and was not given by all of a group of enough people's own answers."""
    return [
        found for found in worked_out(room.told, room.persons(), known, possible) if not _is_of_all(found, room, known)
    ]


def _is_of_all(found, room, known):
    counted = room.told.counted
    same = [name for name, versions in counted.items() if pattern_of(versions) == pattern_of(counted[found.person])]
    gave = [room.people[name][counted[name][found.telling] - 1] for name in same if name not in known]
    return sum(room.own[name] for name in same) >= room.threshold and all(
        ballot.get(found.question) == found.category for ballot in gave
    )


# What is told


def told_of(ballots, threshold=5, own=()):
    """A room of these ballots, told once; `own` says who answered themselves, everybody where it is empty."""
    room = Room(by_disclosure, threshold)
    for n, ballot in enumerate(ballots):
        room.give(f"r{n}", ballot, own=own[n] if own else True)
    room.tell()
    return room


def test_five_who_answer_everything_see_their_picture():
    assert told_of([FELT_TOO[1]] * 3 + [FELT_TOO[2]] * 2).disclosure.counts == {
        PLACEMENT: {"strong": 3, "weak": 2},
        "written": {"yes": 3, "no": 2},
        GUT: {"strong": 5},
        FELT: {SAME: 3, OTHER: 2},
    }


def test_a_question_that_fewer_answered_is_withheld():
    assert told_of([GATED[0]] * 4 + [GATED[2]]).disclosure.counts == {
        PLACEMENT: {"strong": 4, UNSETTLED: 1},
        "written": {"yes": 4, "dont_know": 1},
    }


def test_paper_is_counted_and_makes_up_no_number():
    four_papers = (False,) * 4

    assert told_of([GATED[2]] * 5, own=(*four_papers, True)).disclosure == Disclosure()
    told = told_of([GATED[2]] * 9, own=(*four_papers, *(True,) * 5))
    assert told.disclosure.counts["written"] == {"dont_know": 9}
    assert paper_counted(told.disclosure, told.ballots()) == 4


def test_one_who_comes_late_waits_for_four_more():
    room = told_of([GATED[0]] * 5)
    for n in range(4):
        room.give(f"late{n}", GATED[2])
        room.tell()
        assert is_waiting(room.disclosure, room.ballots())
        assert room.disclosure.counts["written"] == {"yes": 5}
    room.give("late4", GATED[2])
    room.tell()

    assert room.disclosure.counts["written"] == {"yes": 5, "dont_know": 5}
    assert not is_waiting(room.disclosure, room.ballots())


def test_a_count_that_a_few_of_the_newcomers_would_change_stays_as_it_was_told():
    room = told_of([GATED[0]] * 5)
    for n, ballot in enumerate([GATED[2]] * 3 + [GATED[1]] * 2):
        room.give(f"late{n}", ballot)
    room.tell()

    assert room.disclosure.counts == {
        PLACEMENT: {"strong": 5, "weak": 2, UNSETTLED: 3},
        "written": {"yes": 7, "dont_know": 3},
        "what": {"agreement": 5},
    }


def test_nobody_is_left_alone_by_a_change_of_all_the_others():
    room = told_of([GATED[0]] * 6)
    for n in range(5):
        room.give(f"r{n}", GATED[2])
    room.tell()

    assert room.disclosure.counts["written"] == {"yes": 6}


def test_a_chain_of_tellings_of_which_each_differs_by_enough_does_not_single_out_one():
    room = Room(by_disclosure, 5)
    for name in ("one", "a1", "a2", "a3", "a4", "a5"):
        room.give(name, GATED[0])
    room.tell()
    room.removed |= {"one"}
    for group in "bcd":
        for n in range(5):
            room.give(f"{group}{n}", GATED[2])
        room.tell()

    assert {versions for name, versions in room.told.counted.items() if name == "one"} == {(1, 1, 1, 1)}


def test_what_was_counted_comes_back_from_its_text():
    from assessor.core.raters import RatingTally

    told = told_of([GATED[0]] * 5).disclosure
    tally = RatingTally(raters=5, placements={"strong": 5}, items={"written": {"yes": 5}, "what": {"agreement": 5}})

    back = parse_disclosure(dump_disclosure(told), tally)
    assert (back.counted, back.told_at) == (told.counted, told.told_at)
    assert back.counts["written"] == told.counts["written"]


def test_nothing_more_is_told_once_what_was_counted_is_gone():
    room = told_of([GATED[0]] * 5)
    for n in range(5):
        room.give(f"late{n}", GATED[2])
    gone = room.ballots()
    ballots = {pair: ballot for pair, ballot in gone.ballots.items() if pair[0] != "r0"}

    assert (
        next_disclosure(room.disclosure, RoomBallots(standings=gone.standings, ballots=ballots), 5) == room.disclosure
    )


# The attacker


def one_answers_alone(room):
    """Five answer one question, and one of them the next."""
    for n in range(4):
        room.give(f"r{n}", GATED[2])
    room.give("fifth", GATED[1])
    room.tell()
    return set()


def a_sixth_comes_with_papers(room):
    """Five phones, and later a sixth with four papers of the leader's."""
    for n in range(5):
        room.give(f"r{n}", FELT_TOO[2])
    room.tell()
    room.give("sixth", FELT_TOO[1])
    for n in range(4):
        room.give(f"paper{n}", FELT_TOO[2], own=False)
    room.tell()
    return {f"paper{n}" for n in range(4)}


def one_is_removed_with_papers(room):
    """Six phones and five papers of the leader's, who then removes the papers and one phone."""
    for n in range(6):
        room.give(f"r{n}", FELT_TOO[n % 3])
    for n in range(5):
        room.give(f"paper{n}", FELT_TOO[2], own=False)
    room.tell()
    room.removed |= {"r0", *(f"paper{n}" for n in range(5))}
    room.tell()
    return {f"paper{n}" for n in range(5)}


def somebody_on_paper_answers_what_few_do(room):
    """Five phones of which two answer a second question, and two papers that do; looked at by a participant."""
    for n, ballot in enumerate([GATED[0], GATED[0], GATED[2], GATED[2], GATED[2]]):
        room.give(f"r{n}", ballot)
    for n in range(2):
        room.give(f"paper{n}", GATED[0], own=False)
    room.tell()
    return set()


def papers_of_the_leader(room):
    """Four papers of the leader's, and one phone."""
    for n in range(4):
        room.give(f"paper{n}", GATED[2], own=False)
    room.give("phone", GATED[1])
    room.tell()
    return {f"paper{n}" for n in range(4)}


@pytest.mark.parametrize(
    ("happens", "possible"),
    [
        (one_answers_alone, GATED),
        (a_sixth_comes_with_papers, FELT_TOO),
        (one_is_removed_with_papers, FELT_TOO),
        (papers_of_the_leader, GATED),
    ],
)
def test_the_attacker_works_out_a_single_answer_by_the_earlier_rule_and_none_by_this_one(happens, possible):
    earlier, now = Room(as_before, 5, possible), Room(by_disclosure, 5, possible)
    known, as_known = happens(earlier), happens(now)

    if happens is one_answers_alone:  # a number of one is told, which is what a leader sees before any inference
        assert earlier.told.counts[0, "what"] == {"intent": 1}
        assert (0, "what") not in now.told.counts
    else:
        assert given_away(earlier, known, possible)
    assert given_away(now, as_known, possible) == []


def test_what_is_withheld_does_not_tell_a_participant_what_those_on_paper_gave():
    room = Room(by_disclosure, 5)
    somebody_on_paper_answers_what_few_do(room)

    assert (0, "what") not in room.told.counts
    assert given_away(room, {"r0"}, GATED) == []


@given(rooms(), st.sampled_from([GATED, FELT_TOO]))
def test_nobodys_answer_is_certain_that_was_not_given_by_all_who_were_told_together(drawn, possible):
    _attack(drawn, possible)


@pytest.mark.campaign
@settings(max_examples=int(os.environ.get("ROOMS", "1000")), deadline=None)
@given(rooms(), st.sampled_from([GATED, FELT_TOO]))
def test_nobodys_answer_is_certain_in_a_thousand_rooms(drawn, possible):
    _attack(drawn, possible)


def _attack(drawn, possible):
    """The leader with papers and phones, and somebody in the room who knows their own answer alone."""
    room = happened(Room(by_disclosure, drawn[1], possible), drawn, possible)
    size = drawn[0]

    assert given_away(room, leader_of(drawn), possible) == []
    assert given_away(room, {f"r{size - 1}"}, possible) == []
