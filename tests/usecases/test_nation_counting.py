"""A nation's picture from stored answers: who says yes, what is counted, drawn once and kept."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from answers import NETWORK, SERVICE

from assessor.bank import open_bank
from assessor.core.nation import PARTY_BENEFITS, PARTY_RESPONDED
from assessor.store import Store, restore_backup
from assessor.store.errors import NotInStore
from assessor.usecases import nation, transfer
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.nation import CountedThisQuarter, Nation, NationProgress, TooFewToCount
from assessor.usecases.participating import Participation

BANK = open_bank("dokk1")
SPRING, SUMMER = datetime(2026, 2, 3, 12, tzinfo=UTC), datetime(2026, 5, 3, 12, tzinfo=UTC)
#: In how many libraries each thing is found, where nothing is.
NOTHING = {"strategic": 0, "service": 0, "network": 0, PARTY_RESPONDED: 0, PARTY_BENEFITS: 0}


@dataclass
class Country:
    """Libraries in one store, with a clock to turn."""

    store: Store
    now: list[datetime] = field(default_factory=lambda: [SPRING])

    @property
    def nation(self) -> Nation:
        return Nation(self.store, BANK)

    def library(self, name: str, *answers: dict[str, str], share: bool = True) -> None:
        self.store.add_library(name)
        if share:
            self.nation.choose_sharing(name, share=True, key=f"yes {name}")
        for number, given in enumerate(answers):
            self.assess(name, f"Party {number}", given)

    def assess(self, library: str, party: str, given: dict[str, str]) -> None:
        collaboration = self.store.add_collaboration(library, party)
        assessment = self.store.begin_assessment(collaboration.id, BANK.instrument, BANK.snapshot)
        for item, option in given.items():
            self.store.record_entry(assessment, "response", item, option)

    def counts(self) -> dict[str, int]:
        return {each.rpartition("placement:")[2]: count for each, count in self.nation.draw_snapshot().counts.items()}


@pytest.fixture
def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Without noise, so that what is counted can be seen; noise has tests of its own."""
    monkeypatch.setattr(nation.secrets, "randbelow", without_noise)
    now = [SPRING]
    with Store.open(tmp_path / "nation.db", create=True, clock=lambda: now[0]) as store:
        yield Country(store, now)


def without_noise(below: int) -> int:
    """The numbers by which the noise that is drawn is none."""
    return 1 if below == 3 else 0


def test_a_library_counts_once_for_each_level_on_which_one_of_its_collaborations_surely_stands(country):
    country.library("A", SERVICE, SERVICE, NETWORK)
    country.library("B", {"creation": "joint"})
    for name in "CDE":
        country.library(name)
    country.library("F", SERVICE, share=False)

    assert country.counts() == {**NOTHING, "service": 1, "network": 1}


def test_what_the_parties_say_of_themselves_is_pooled(country):
    for name in "ABCDE":
        country.library(name, SERVICE)
    for library, benefits in [("A", ["both", "us", "them"]), ("B", ["them"]), ("C", [])]:
        parties_respond(country.store, library, benefits)

    assert country.counts() == {**NOTHING, "service": 5, PARTY_RESPONDED: 2, PARTY_BENEFITS: 1}


def parties_respond(store: Store, library: str, benefits: list[str]) -> None:
    """Each of as many parties says, from its side, who benefits."""
    facilitation, participation = Facilitation(store, BANK), Participation(store, BANK)
    ids = [store.add_collaboration(library, f"Party of {library} {number}").id for number in range(len(benefits) + 1)]
    workshop, _secret = facilitation.open(library, "Spring", ids)
    for collaboration, benefit in zip(ids, benefits, strict=False):
        secret = facilitation.invite_party(workshop.id, collaboration, f"invited {collaboration}")
        joined = participation.accept_invitation(secret, name="", language="en", key=f"key {collaboration}")
        assert joined is not None
        opened = participation.begin(joined[0], collaboration)
        participation.respond(workshop, opened, "benefit", benefit, f"answer {collaboration}")


def test_a_snapshot_is_drawn_once_a_quarter_and_never_changes(country):
    for name in "ABCDE":
        country.library(name, SERVICE)
    country.nation.draw_snapshot()
    kept = country.nation.snapshot_text("2026-Q1")
    for name in "FGHIJ":
        country.library(name, NETWORK)

    with pytest.raises(CountedThisQuarter):
        country.nation.draw_snapshot()
    country.now[0] = SUMMER
    assert country.counts() == {**NOTHING, "network": 5}
    country.store.erase_library("A")
    country.nation.choose_sharing("B", share=False, key="no")
    assert country.nation.snapshot_text("2026-Q1") == kept
    assert country.nation.quarters() == ("2026-Q2", "2026-Q1")
    assert country.nation.picture("2026-Q1").libraries == 5
    assert country.nation.picture().libraries == 10
    with pytest.raises(NotInStore):
        country.nation.picture("2026-Q3")


def test_fewer_than_five_that_wait_are_not_counted_and_wait_on(country):
    for name in "ABCD":
        country.library(name, SERVICE)

    with pytest.raises(TooFewToCount):
        country.nation.draw_snapshot()
    assert country.store.publications.ids() == ()
    country.library("E", SERVICE)
    assert country.counts()["service"] == 5


def test_a_library_that_went_and_came_back_is_not_counted_twice_in_four_quarters(country):
    for name in "ABCDEFGHIJ":
        country.library(name, SERVICE)
    country.nation.choose_sharing("A", share=False, key="no")
    country.nation.draw_snapshot()
    country.nation.choose_sharing("A", share=True, key="again")
    country.nation.choose_sharing("B", share=False, key="no")
    country.nation.choose_sharing("B", share=True, key="again")
    country.now[0] = SUMMER

    assert (country.nation.standing().sharing, country.nation.standing().due) == (10, 1)


def test_nothing_that_is_kept_of_who_was_counted_names_a_library(country):
    for name in "ABCDE":
        country.library(name, SERVICE)
    country.nation.draw_snapshot()
    country.now[0] = SUMMER
    ids = [id_ for id_, _name in country.store.members.libraries()]
    kept = country.nation.snapshot_text("2026-Q1")

    assert country.store.publications.ids() == ("nation 2026-Q1",)
    assert [each for each in (*ids, "ABCDE") if each in kept] == []
    assert country.nation.standing().due == 0


def test_a_backup_from_before_a_drawing_does_not_let_it_be_drawn_again(country, tmp_path):
    for name in "ABCDE":
        country.library(name, SERVICE)
    backup = country.store.backup(tmp_path / "before.backup")
    country.nation.draw_snapshot()
    country.store.close()
    restore_backup(backup, tmp_path / "nation.db")
    with Store.open(tmp_path / "nation.db", clock=lambda: country.now[0]) as restored:
        now = Nation(restored, BANK).standing()
        country.now[0] = SUMMER
        later = Nation(restored, BANK).standing()

    assert (now.drawn, later.drawn, later.sharing, later.due) == (True, False, 5, 0)


def test_a_yes_goes_with_its_library_and_is_told_with_who_and_when(country):
    country.library("A", share=False)
    before = country.nation.consent("A")
    with country.store.recording_as("member"):
        country.nation.choose_sharing("A", share=True, key="yes")
    said = country.nation.consent("A")
    country.store.erase_library("A")
    country.store.add_library("A")

    assert (before, said.given, said.at) == (None, True, SPRING)
    assert (country.nation.consent("A"), country.nation.shares("A")) == (None, False)


def test_a_file_that_is_taken_in_says_neither_yes_nor_no(country):
    country.library("A", SERVICE)
    with_yes = transfer.export_assessments(country.store, "A")
    country.nation.choose_sharing("A", share=False, key="no")
    transfer.import_own_document(country.store, "A", transfer.read_document(BytesIO(with_yes), "a.json"), "a.json")
    country.store.erase_library("A")
    country.store.add_library("A")
    transfer.import_own_document(country.store, "A", transfer.read_document(BytesIO(with_yes), "a.json"), "a.json")

    assert country.nation.consent("A") is None


def test_the_host_is_told_how_many_have_begun_and_are_done(country):
    country.library("A", SERVICE, NETWORK)
    country.library("B", SERVICE, {"creation": "joint"})
    country.library("C", {})
    country.library("D", share=False)

    assert country.nation.progress() == NationProgress(libraries=4, begun=2, done=1)
