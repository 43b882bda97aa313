"""Which library, party and collaboration is meant, by what a person wrote."""

import pytest

from assessor.bank import open_bank
from assessor.store import Store
from assessor.usecases.assessments import Assessments
from assessor.usecases.libraries import (
    AmbiguousCollaboration,
    AmbiguousLibrary,
    NoSuchCollaboration,
    NoSuchLibrary,
    NoSuchParty,
    NotTheWholeName,
    SameName,
    find_collaboration,
    find_library,
    find_named_collaboration,
    find_party,
)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "assessor.db", create=True) as opened:
        yield opened


def test_the_only_library_need_not_be_named(store):
    assert find_library(store) is None
    store.add_library("Provbiblioteket")

    assert find_library(store) == "Provbiblioteket"


def test_a_library_is_found_by_its_very_name(store):
    store.add_library("Provbiblioteket")
    store.add_library("Ett annat")

    assert find_library(store, "Ett annat") == "Ett annat"
    with pytest.raises(AmbiguousLibrary) as refused:
        find_library(store)
    assert refused.value.facts == {"known": "'Ett annat', 'Provbiblioteket'"}
    with pytest.raises(NoSuchLibrary) as refused:
        find_library(store, "Ett tredje")
    assert refused.value.facts == {"name": "Ett tredje", "known": "'Ett annat', 'Provbiblioteket'"}


def test_a_party_is_found_by_its_very_name(store):
    store.add_collaboration("Provbiblioteket", "Kören", "Vårkonserten")
    store.add_collaboration("Provbiblioteket", "Kören", "Lucia")

    assert find_party(store, "Provbiblioteket", "Kören") == "Kören"
    with pytest.raises(NoSuchParty) as refused:
        find_party(store, "Provbiblioteket", "kören")
    assert refused.value.facts == {"name": "kören", "known": "'Kören'"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Kören", "Kören"),
        ("lucia", "Kören · Lucia"),
        ("SKOLAN", "Musikskolan"),
        ("Kören · Lucia", "Kören · Lucia"),
        ("koren · l", "Kören · Lucia"),
    ],
)
def test_a_collaboration_is_found_by_its_name_or_the_only_one_with_that_text_in_it(store, written, meant):
    for party, undertaking in (("Kören", ""), ("Kören", "Lucia"), ("Musikskolan", "")):
        store.add_collaboration("Provbiblioteket", party, undertaking)
    listed = Assessments(store, "Provbiblioteket", open_bank("dokk1")).list_collaborations()

    assert find_collaboration(listed, written).collaboration.name == meant


@pytest.mark.parametrize(
    ("written", "refused", "known"),
    [
        ("Ridskolan", NoSuchCollaboration, "'Kören · Vår', 'Kören · Lucia'"),
        ("kören", AmbiguousCollaboration, "'Kören · Vår', 'Kören · Lucia'"),
    ],
)
def test_a_name_that_means_none_or_several_is_refused_with_those_that_there_are(store, written, refused, known):
    for undertaking in ("Vår", "Lucia"):
        store.add_collaboration("Provbiblioteket", "Kören", undertaking)
    listed = Assessments(store, "Provbiblioteket", open_bank("dokk1")).list_collaborations()

    with pytest.raises(refused) as error:
        find_collaboration(listed, written)
    assert error.value.facts == {"name": written, "known": known}


def test_a_name_that_two_collaborations_have_is_neither_of_them(store):
    store.add_collaboration("Provbiblioteket", "Kören", "Lucia")
    store.add_collaboration("Provbiblioteket", "Kören · Lucia")
    listed = Assessments(store, "Provbiblioteket", open_bank("dokk1")).list_collaborations()

    with pytest.raises(SameName):
        find_collaboration(listed, "Kören · Lucia")


@pytest.mark.parametrize(
    ("written", "refused", "known"),
    [
        ("skolan · läsning nu", NotTheWholeName, "'Skolan · Läsning nu'"),
        ("Skolan", NotTheWholeName, "'Skolan · Läsning nu'"),
        ("kören", AmbiguousCollaboration, "'Kören · Vår', 'Kören · Lucia'"),
        ("Ridskolan", NoSuchCollaboration, "'Skolan · Läsning nu', 'Kören · Vår', 'Kören · Lucia'"),
    ],
)
def test_what_writes_or_erases_takes_no_likeness_for_the_name(store, written, refused, known):
    for party, undertaking in (("Skolan", "Läsning nu"), ("Kören", "Vår"), ("Kören", "Lucia")):
        store.add_collaboration("Provbiblioteket", party, undertaking)
    listed = Assessments(store, "Provbiblioteket", open_bank("dokk1")).list_collaborations()

    with pytest.raises(refused) as error:
        find_named_collaboration(listed, written)
    assert error.value.facts == {"name": written, "known": known}
    assert find_named_collaboration(listed, "Skolan · La\u0308sning  nu").collaboration.name == "Skolan · Läsning nu"
