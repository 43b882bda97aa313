"""A store's file that is moved or replaced while pages are open: told in one sentence, offered a new file, never begun
anew or written over."""

import asyncio
from pathlib import Path

import pytest
from web_pages import LIBRARY, Person, sheet
from web_rooms import ROOM, Building, Opened

from assessor.bank import open_bank
from assessor.store import Store, StoreMissing
from assessor.web.http.store_worker import StoreNotices, StoreWorker
from assessor.web.server import workshop_services

SAID = "was moved, removed or replaced while it was open, so this was not saved; continue in a new file"


def move(home: Path) -> None:
    (home / "assessor.db").rename(home / "elsewhere.db")


def replace(home: Path) -> None:
    with Store.open(home / "other.db", create=True) as other:
        other.add_library("Another Example Library")
    (home / "other.db").replace(home / "assessor.db")


def new_file(home: Path) -> Path:
    (found,) = home.glob("assessor-*.db")
    return found


def responses(path: Path) -> list[dict[str, str]]:
    with Store.open(path, write=False) as store:
        return [dict(each.responses) for each in store.assessments()]


def button(page: str) -> list[tuple[str, str]]:
    """What the page's form sends when its button is pressed."""
    (form,) = (form for form in sheet(page).forms if form["action"] != "/language")
    pressed = [
        (given["name"], given["value"])
        for tag, given in sheet(page).tags
        if tag == "button" and given.get("name") == "new_file"
    ]
    return [*form["fields"], *pressed]


@pytest.mark.parametrize("lose", [move, replace])
def test_an_answer_of_ones_own_goes_on_in_a_new_file_by_one_press(owner: Person, begun: str, home: Path, lose):
    form = owner.get(f"{begun}/q/creation").text
    fields = next(each["fields"] for each in sheet(form).forms if each["action"] == f"{begun}/q/creation")
    lose(home)
    refused = owner.post(f"{begun}/q/creation", [*fields, ("response", "joint")])

    assert refused.status_code == 409
    assert SAID in refused.text
    kept = owner.post(f"{begun}/q/creation", button(refused.text))
    assert kept.status_code == 303
    told = owner.get(kept.headers["location"]).text
    assert "Everything answered is in a new file now." in told
    assert str(new_file(home)) in told
    assert responses(new_file(home)) == [{"creation": "joint"}]
    if lose is replace:
        with Store.open(home / "assessor.db", write=False) as other:
            assert other.libraries() == ("Another Example Library",)
    else:
        assert not (home / "assessor.db").exists()


def test_a_page_that_only_shows_says_it_too_and_leads_back_to_itself(owner: Person, begun: str, home: Path):
    move(home)
    told = owner.get("/")

    assert (told.status_code, SAID in told.text) == (409, True)
    assert owner.post("/", button(told.text)).headers["location"] == "/"
    assert LIBRARY in owner.get("/").text


def test_phones_wait_and_who_leads_goes_on_in_a_new_file(building: Building, room: Opened, home: Path):
    phone, leader = building.participant(room), building.leader(room)
    of = building.begun(phone, room.collaborations[0])
    fields = next(each["fields"] for each in sheet(phone.get(f"{of}/gut").text).forms if each["action"] == f"{of}/gut")
    answer = [*fields, ("response", "network")]
    move(home)
    refused, board = phone.post(f"{of}/gut", answer), leader.get(f"/w/{room.workshop.id}")

    assert (refused.status_code, board.status_code) == (503, 409)
    assert "tell the workshop leader this number" in refused.text
    assert "The file that keeps the answers was moved, removed or replaced" in board.text
    assert str(home) not in refused.text + board.text
    assert leader.post(f"/w/{room.workshop.id}", button(board.text)).status_code == 303
    assert phone.post(f"{of}/gut", answer).status_code == 303
    with Store.open(new_file(home), write=False) as store:
        (given,) = store.assessments_in_workshop(room.workshop.id)
    assert given.gut == "network"


def test_what_a_moved_file_held_is_kept_when_the_program_ends(home: Path):
    told: list[Path] = []

    async def act() -> None:
        worker = StoreWorker(Store.open, idle_seconds=0.05, notices=StoreNotices(moved=told.append))
        await worker.run(lambda store: store.add_collaboration(LIBRARY, "Example School"))
        move(home)
        (home / "elsewhere.db").unlink()
        await asyncio.sleep(0.2)
        await worker.close()

    asyncio.run(act())

    assert told == [new_file(home)]
    with Store.open(new_file(home), write=False) as store:
        assert [each.party for each in store.collaborations(LIBRARY)] == ["Example School"]


def test_a_store_that_goes_while_nobody_has_it_open_is_not_begun_anew(home: Path):
    async def act() -> None:
        services = workshop_services(None, ROOM, bank=open_bank("dokk1"), language="en", notices=StoreNotices())
        await services.store_worker.run(lambda store: store.add_library(LIBRARY))
        await asyncio.to_thread(services.store_worker.release)
        move(home)
        try:
            with pytest.raises(StoreMissing, match="none was made"):
                await services.store_worker.run(Store.libraries)
        finally:
            await services.store_worker.close()

    asyncio.run(act())

    assert not (home / "assessor.db").exists()
