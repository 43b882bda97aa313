"""A workshop holds on to the bank it began with: without --bank, with another, and while its files are broken."""

import shutil

import pytest

from assessor import resources
from assessor.bank import LatestBank, open_bank, parsing
from assessor.store import Store
from assessor.usecases.assessments import new_key
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.opening import WorkshopRequest, open_or_resume
from assessor.usecases.participating import Participation
from assessor.usecases.workshop_banks import BeganWithAnotherBank, bank_of_workshop
from assessor.usecases.workshop_reporting import workshop_report
from assessor.usecases.workshops import AmbiguousWorkshop, Workshops

NAME = "Höstdagen"


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "assessor.db", create=True) as opened:
        opened.add_collaboration("Provbiblioteket", "Kören", "")
        yield opened


@pytest.fixture
def own(tmp_path):
    """A bank of one's own: dokk1 under another id."""
    folder = tmp_path / "own"
    shutil.copytree(resources.questions_folder() / "dokk1", folder, ignore=shutil.ignore_patterns("versions", "mig*"))
    change(folder, "id: dokk1", "id: own")
    return folder


def change(folder, old, new):
    text = (folder / "instrument.yaml").read_text("utf-8")
    assert old in text
    (folder / "instrument.yaml").write_text(text.replace(old, new, 1), "utf-8")


def led(store, bank, *, names_bank=False):
    request = WorkshopRequest(name=NAME, library="Provbiblioteket", all_collaborations=True, names_bank=names_bank)
    return open_or_resume(store, open_bank(bank), request)


def answered(store, bank, workshop, count=5):
    """A room answers its first item, and is closed."""
    participation = Participation(store, bank)
    for _ in range(count):
        joined, _token = participation.join(workshop, name="", language="sv", key=new_key())
        opened = participation.begin(joined, workshop.listed[0])
        participation.respond(workshop, opened, bank.instrument.items[0].id, "joint", new_key())
    Facilitation(store, bank).close(workshop.id, new_key())


def test_it_goes_on_with_its_own_bank_when_none_is_named(store, own):
    began = led(store, own)
    gone_on = led(store, "dokk1")

    assert (began.bank.instrument.id, gone_on.bank.instrument.id) == ("own", "own")
    assert gone_on.bank.instrument.digest == open_bank(own).instrument.digest
    assert not gone_on.has_bank_changed


def test_its_report_is_made_by_its_own_bank(store, own):
    began = led(store, own)
    answered(store, began.bank, began.workshop)
    workshop = Workshops(store, open_bank("winwin")).get(began.workshop.id)
    held = bank_of_workshop(store, workshop, lambda: open_bank("winwin"))
    report = workshop_report(store, workshop.id, held, "sv")

    assert report.instrument.id == "own"
    assert report.findings.subjects[0].tally is not None


@pytest.mark.parametrize(("old", "new"), [("levels: [", "levels: [["), ('version: "1.1"', 'version: "1.2"')])
def test_what_an_author_changes_meanwhile_is_not_used_and_is_told(store, own, old, new):
    began = led(store, own)
    change(own, old, new)
    gone_on, unnamed = led(store, own, names_bank=True), led(store, "dokk1")

    assert unnamed.has_bank_changed
    assert gone_on.bank.instrument == began.bank.instrument
    assert gone_on.bank.wording("fi") == began.bank.wording("fi")
    assert gone_on.bank.party_wording("sv") == began.bank.party_wording("sv")
    assert gone_on.bank.calibration_cases("da") == began.bank.calibration_cases("da") != ()
    assert gone_on.has_bank_changed
    assert LatestBank(gone_on.bank).get() is gone_on.bank


def test_no_bank_is_parsed_while_a_row_is_held(store, own, monkeypatch):
    led(store, own)
    change(own, 'version: "1.1"', 'version: "1.7"')
    depth, parsed_at, as_ever, parse = [0], [], store.run_in_transaction, parsing.parse_instrument

    def run(act):
        depth[0] += 1
        try:
            return as_ever(act)
        finally:
            depth[0] -= 1

    def parse_here(file):
        parsed_at.append(depth[0])
        return parse(file)

    monkeypatch.setattr(store, "run_in_transaction", run)
    monkeypatch.setattr(parsing, "parse_instrument", parse_here)

    assert led(store, own).has_bank_changed
    assert parsed_at == [0]


def test_its_folder_may_be_gone(store, own):
    began = led(store, own)
    shutil.rmtree(own)

    assert led(store, "dokk1").bank.instrument == began.bank.instrument


def test_another_bank_that_somebody_names_is_refused_and_nothing_changes(store, own):
    led(store, own)
    before = Workshops(store, open_bank("dokk1")).get_by_name(NAME)

    with pytest.raises(BeganWithAnotherBank) as refused:
        led(store, "winwin", names_bank=True)
    assert refused.value.facts == {"name": NAME, "bank": str(own), "version": "1.1"}
    assert Workshops(store, open_bank("dokk1")).get_by_name(NAME) == before


def test_its_questions_stay_when_something_else_is_erased_and_go_with_it(store, own):
    began = led(store, own)
    text = began.workshop.bank["text"]
    store.erase_collaboration(store.add_collaboration("Provbiblioteket", "Schackklubben", "").id)

    assert store.kept_bank(text)
    Facilitation(store, began.bank).erase(began.workshop.id)
    with pytest.raises(Exception, match=text):
        store.kept_bank(text)


def test_where_it_kept_no_bank_what_was_answered_in_it_tells(store, own):
    bank = open_bank(own)
    workshop = store.workshops.add("Provbiblioteket", NAME, "ABCDEFG", "")
    [collaboration] = store.collaborations("Provbiblioteket")
    store.workshops.record_act(workshop.id, "listed", collaboration.id, "", "yes", key=new_key())
    answered(store, bank, store.workshops.get(workshop.id))

    held = bank_of_workshop(store, store.workshops.get(workshop.id), lambda: open_bank("dokk1"))
    assert held.instrument == bank.instrument


def test_of_two_workshops_with_one_name_the_one_to_erase_is_named_by_its_code(store):
    first, second = (store.workshops.add("Provbiblioteket", NAME, code, "") for code in ("ABCDEFG", "HJKLMNP"))
    workshops = Workshops(store, open_bank("dokk1"))

    with pytest.raises(AmbiguousWorkshop) as refused:
        workshops.get_named(NAME)
    assert all(each.code in refused.value.facts["known"] for each in (first, second))
    assert workshops.get_named("abcd efg") == first
