"""What a room has agreed on is the same wherever it is told, at every step and in every language."""

import shutil
from pathlib import Path

import pytest
from test_room_leading import raters
from web_pages import sheet
from web_rooms import Building, Opened

from assessor.bank import open_bank
from assessor.core.responses import DONT_KNOW
from assessor.language import LANGUAGES
from assessor.presentation.room_sentences import agreed_headline, settlement_sentence
from assessor.presentation.terms import Terms
from assessor.report.render import document_html
from assessor.report.workshop.document import workshop_document
from assessor.store import Store
from assessor.usecases.assessments import new_key
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.workshop_reporting import workshop_report
from assessor.usecases.workshops import Workshops

BANK = open_bank("dokk1")


def closed_report(room: Opened, home: Path, name: str, language: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The report as it would be if the room were closed now."""
    copy = home.parent / name
    if not copy.exists():
        shutil.copytree(home, copy)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("ASSESSOR_HOME", str(copy))
        with Store.open() as store:
            Facilitation(store, BANK).close(room.workshop.id, new_key())
            return document_html(workshop_document(workshop_report(store, room.workshop.id, BANK, language)))


def settled(leader, one: str, at: str, item: str, option: str) -> None:
    key = [("key", new_key()), ("seen", "999"), ("item", item), ("response", option)]
    assert leader.post(f"{one}/settle", key).status_code == 303


@pytest.mark.parametrize("everywhere", [False, pytest.param(True, marks=pytest.mark.full)])
def test_at_every_step_board_leader_phone_closing_page_and_report_say_the_same_of_what_is_agreed(
    building: Building, room: Opened, at: str, home: Path, monkeypatch, everywhere
):
    raters(room, 6, {"agreement": "none", "track": "no", "strategy": DONT_KNOW}, 3)
    leader, (collaboration,) = building.leader(room), room.collaborations
    phones = {language: building.participant(room, **{"accept-language": language}) for language in LANGUAGES}
    one = f"{at}/c/{collaboration}"
    steps = (
        lambda: leader.fill(one, action=f"{one}/reveal"),
        lambda: leader.fill(one, action=f"{one}/agree"),
        lambda: settled(leader, one, at, "agreement", "none"),
        lambda: settled(leader, one, at, "agreement", DONT_KNOW),
        lambda: settled(leader, one, at, "agreement", "intent"),
    )
    truth = []
    for number, step in enumerate(steps):
        step()
        leader.post(f"{at}/stage", [("key", new_key()), ("stage", "talk"), ("subject", collaboration)])
        building.house.store_worker.release()
        with Store.open(write=False) as store:
            [progress] = Workshops(store, BANK).progress(room.workshop.id).collaborations
        truth.append((progress.agreed, progress.settlement.placements))
        for language in LANGUAGES:
            words = Terms(language, BANK.instrument, BANK.nearest_wording(language))
            claim = agreed_headline(progress.settlement.placements, words)
            pages = {
                name: sheet(leader.get(path, headers={"accept-language": language}).text).text
                for name, path in (("board", f"{at}/board"), ("leader", one), ("closing", f"{at}/end"))
            }
            pages["phone"] = sheet(phones[language].get("/board").text).text
            building.house.store_worker.release()
            if everywhere or language == LANGUAGES[number]:
                pages["report"] = closed_report(room, home, f"closed-{number}", language, monkeypatch)
            said = {name: claim in text for name, text in pages.items()}
            counted = words.count(
                "You agreed on {agreed} of {number} collaboration.",
                "You agreed on {agreed} of {number} collaborations.",
                1,
                agreed=int(progress.agreed),
            )

            assert counted in pages["closing"], (number, language)
            assert said == {**dict.fromkeys(said, progress.agreed), "closing": False}, (number, language)
            if number:
                assert settlement_sentence(progress.settlement, words) in pages["leader"], (number, language)

    assert truth == [
        (False, ("service", "network")),
        (False, ("service", "network")),
        (True, ("network",)),
        (True, ("service", "network")),
        (True, ("service",)),
    ]
