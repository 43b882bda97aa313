"""A workshop is opened, or gone on with, by its name: the same for a room here and for a server."""

import pytest

from assessor.bank import open_bank
from assessor.store import Store
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.libraries import AmbiguousCollaboration, AmbiguousLibrary, NoSuchCollaboration, NotTheWholeName
from assessor.usecases.opening import WorkshopAlreadyClosed, WorkshopNeedsLibrary, WorkshopRequest, open_or_resume
from assessor.usecases.workshop_secrets import new_code
from assessor.usecases.workshops import Workshops


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "assessor.db", create=True) as opened:
        yield opened


def opened(store, **wishes):
    return open_or_resume(store, open_bank("dokk1"), WorkshopRequest(name="Höstdagen", **wishes))


def test_a_new_name_opens_a_workshop_that_shows_no_collaboration_unless_asked(store):
    store.add_collaboration("Provbiblioteket", "Kören", "")
    led = opened(store)

    assert (led.workshop.library, led.workshop.listed, led.resumed) == ("Provbiblioteket", (), False)
    assert (led.workshop.at_least, led.workshop.days) == (5, 90)
    assert Workshops(store, open_bank("dokk1")).find_by_secret(led.secret) == led.workshop


def test_all_collaborations_are_shown_when_asked(store):
    choir = store.add_collaboration("Provbiblioteket", "Kören", "")
    club = store.add_collaboration("Provbiblioteket", "Schackklubben", "")

    assert opened(store, all_collaborations=True).workshop.listed == (choir.id, club.id)


def test_a_collaboration_is_named_by_its_whole_name(store):
    store.add_collaboration("Provbiblioteket", "Kören", "")
    club = store.add_collaboration("Provbiblioteket", "Schackklubben", "Torsdagar")

    assert opened(store, collaborations=("Schackklubben · Torsdagar",)).workshop.listed == (club.id,)


@pytest.mark.parametrize(
    ("name", "refused"),
    [("Ridskolan", NoSuchCollaboration), ("klubben", AmbiguousCollaboration), ("schack", NotTheWholeName)],
)
def test_a_collaboration_that_nobody_knows_is_refused_and_nothing_is_opened(store, name, refused):
    store.add_collaboration("Provbiblioteket", "Schackklubben", "")
    store.add_collaboration("Provbiblioteket", "Filmklubben", "")

    with pytest.raises(refused):
        opened(store, collaborations=(name,))
    with pytest.raises(NoSuchCollaboration):
        opened(store, library="Ett nytt bibliotek", collaborations=(name,))
    assert Workshops(store, open_bank("dokk1")).list_all() == ()
    assert store.libraries() == ("Provbiblioteket",)


def test_a_name_that_is_known_goes_on_with_the_same_workshop_by_a_new_secret(store):
    choir = store.add_collaboration("Provbiblioteket", "Kören", "")
    first = opened(store, days=7)
    second = opened(store, all_collaborations=True, days=30)

    workshops = Workshops(store, open_bank("dokk1"))
    assert (second.workshop.id, second.resumed) == (first.workshop.id, True)
    assert (second.workshop.listed, second.workshop.days) == ((choir.id,), 7)
    assert workshops.find_by_secret(first.secret) is None
    assert workshops.find_by_secret(second.secret) == second.workshop


def test_a_workshop_that_is_over_is_not_led_on(store):
    first = opened(store, library="Provbiblioteket")
    Facilitation(store, open_bank("dokk1")).close(first.workshop.id, "end")

    with pytest.raises(WorkshopAlreadyClosed) as refused:
        opened(store)
    assert refused.value.facts == {"name": "Höstdagen", "command": "assessor"}
    assert Workshops(store, open_bank("dokk1")).find_by_secret(first.secret) is None


def test_a_library_is_begun_by_its_name_and_must_be_named_where_it_is_not_plain(store):
    with pytest.raises(WorkshopNeedsLibrary) as refused:
        opened(store)
    assert refused.value.facts == {"name": "Höstdagen"}
    store.add_library("Provbiblioteket")
    store.add_library("Ett annat bibliotek")
    with pytest.raises(AmbiguousLibrary):
        opened(store)

    assert opened(store, library="Ett tredje bibliotek").workshop.library == "Ett tredje bibliotek"


def test_a_room_code_is_seven_of_thirty_one_letters_and_digits():
    codes = [new_code() for _ in range(2_000)]

    assert {len(each) for each in codes} == {7}
    assert len(set("".join(codes))) == 31
