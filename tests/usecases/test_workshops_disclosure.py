"""A room in the store, led through any sequence of reveals to its end: no answer of a single person is made certain."""

import json
from contextlib import suppress

import pytest
from attacker import Person, Told, happened, leader_of, pattern_of, rooms, worked_out
from hypothesis import given, settings
from profiles import scaled
from workshop_uses import WorkshopUses

from assessor.bank import open_bank
from assessor.core.disclosure import Disclosure, dump_disclosure, revealed_tally
from assessor.core.raters import Rating, ballot_of, counts_in_tally
from assessor.core.responses import DONT_KNOW
from assessor.store import Store
from assessor.usecases.facilitating import TooFewChanged, TooFewRaters
from assessor.usecases.workshop_reporting import workshop_json, workshop_report
from assessor.usecases.workshops import rater_label

BANK = open_bank("dokk1")
#: What anybody here gives: a question that leads to a second one, or not.
GIVEN = ({"payment": "we_pay", "price": "cost"}, {"payment": "they_pay", "price": "mixed"}, {"payment": DONT_KNOW})
POSSIBLE = tuple(ballot_of(BANK.instrument, Rating(rater="", responses=responses)) for responses in GIVEN)


class StoredRoom:
    """A workshop in a store, and all that its leader is told of it."""

    def __init__(self, store, threshold):
        self.store, self.uses, self.threshold = store, WorkshopUses.of(store), threshold
        self.subject = store.add_collaboration("Provbiblioteket", "Kören", "").id
        self.id = self.uses.facilitation.open("Provbiblioteket", "Dagen", [self.subject], at_least=threshold)[0].id
        self.people, self.own, self.respondents, self.removed_now = {}, {}, {}, set()
        self.told, self.disclosure, self.keys = Told(), Disclosure(), 0

    def key(self):
        self.keys += 1
        return f"k{self.keys}"

    def now(self):
        return self.uses.workshops.get(self.id)

    def give(self, name, ballot, own=True):
        if name not in self.respondents:
            self.own[name] = own
            self.respondents[name] = (
                self.uses.participation.join(self.now(), name="", language="sv", key=self.key())[0]
                if own
                else self.uses.facilitation.enrol_on_paper(self.now(), name="", language="sv", key=self.key())
            )
        self.people.setdefault(name, []).append(ballot)
        opened = self.uses.participation.begin(self.respondents[name], self.subject)
        for item in ("payment", "price"):
            value = GIVEN[POSSIBLE.index(ballot)].get(item, "")
            if opened.assessment.responses.get(item, "") != value:
                opened = self.uses.participation.respond(self.now(), opened, item, value, self.key())

    @property
    def removed(self):
        return self.removed_now

    @removed.setter
    def removed(self, names):
        for name in names - self.removed_now:
            self.uses.facilitation.remove_respondent(self.id, self.respondents[name].id, self.key())
        self.removed_now = set(names)

    def tell(self):
        with suppress(TooFewRaters, TooFewChanged):
            self.uses.facilitation.reveal(self.now(), self.subject, key=self.key())
        self.look()

    def look(self):
        """Note what is told by now."""
        before, self.disclosure = self.disclosure, self.uses.workshops.disclosure(self.now(), self.subject)
        if dump_disclosure(self.disclosure) != dump_disclosure(before):
            papers = sum(not self.own[name] for name in self.names(self.disclosure.counted))
            self.told.note(before, self.disclosure, self.threshold + papers, POSSIBLE)

    def names(self, labels):
        by_label = {rater_label(respondent.id): name for name, respondent in self.respondents.items()}
        return {by_label[label]: label for label in labels}

    def attacked_by(self, known):
        """What somebody is certain of, who knows what these gave."""
        ballots = self.uses.workshops.collaboration_ballots(self.now(), self.subject, self.disclosure).ballots
        names = self.names(self.told.counted)
        versions = {name: self.told.counted[label] for name, label in names.items()}
        self.told.counted = {name: pattern_of(of) for name, of in versions.items()}
        people = {
            name: Person(tuple(ballots[names[name], version] for version in sorted(set(of) - {0})))
            for name, of in versions.items()
        }
        found = worked_out(self.told, people, known, POSSIBLE)
        return [each for each in found if not self.is_of_all(each, people, known)]

    def is_of_all(self, found, people, known):
        counted = self.told.counted
        same = [name for name, pattern in counted.items() if pattern == counted[found.person]]
        gave = [people[name].given[counted[name][found.telling] - 1] for name in same if name not in known]
        return sum(self.own[name] for name in same) >= self.threshold and all(
            ballot.get(found.question) == found.category for ballot in gave
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("rooms")


@settings(max_examples=scaled(8))
@given(rooms())
def test_a_leader_with_papers_phones_report_and_data_is_certain_of_nobody(folder, drawn):
    path = folder / "assessor.db"
    path.unlink(missing_ok=True)
    with Store.open(path, create=True) as store:
        room = happened(StoredRoom(store, drawn[1]), drawn, POSSIBLE)
        room.uses.facilitation.close(room.id, room.key())
        room.look()

        told = revealed_tally(room.now(), room.subject)
        [subject] = workshop_report(store, room.id, BANK, "sv").findings.subjects
        [data] = json.loads(workshop_json(store, room.id, BANK))["collaborations"]
        assert subject.tally == told
        assert (data["told"] or {}).get("items") == (told and {item: dict(n) for item, n in told.items.items()})
        if told:
            counts = {question: counts for question, counts in counts_in_tally(told).items() if any(counts.values())}
            assert counts.keys() == room.disclosure.told_at.keys()
        assert room.attacked_by(leader_of(drawn)) == []
