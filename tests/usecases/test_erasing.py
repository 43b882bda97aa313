"""After an erasure it is told where copies still lie, the same everywhere."""

from datetime import UTC, datetime
from pathlib import Path

from assessor.core.responses import Assessment, Collaboration
from assessor.presentation.messages import Messages
from assessor.store import Erasure
from assessor.store.backups import Backup
from assessor.usecases.erasing import describe_contents, describe_remaining_copies

BACKUP = Backup(Path("/home/a/backups/assessor 2026-11-01.db"), datetime(2026, 11, 1, tzinfo=UTC))


def test_nothing_is_told_where_nothing_is_left():
    assert describe_remaining_copies(Erasure(count=1, backups=()), str) == ()


def test_each_backup_is_told_with_the_day_it_should_be_gone_and_its_folder_only_where_asked():
    erasure = Erasure(count=1, backups=(BACKUP,))
    day = BACKUP.expires_at.date()

    assert describe_remaining_copies(erasure, str) == (
        "It is still in the backup assessor 2026-11-01.db: "
        f"delete that file to erase it there too, at the latest on {day}",
    )
    assert describe_remaining_copies(erasure, str, with_folders=True) == (
        "It is still in the backup /home/a/backups/assessor 2026-11-01.db: "
        f"delete that file to erase it there too, at the latest on {day}",
    )


def test_a_server_that_may_still_hold_it_is_told_too():
    told = describe_remaining_copies(Erasure(count=1, backups=(), on_server=True), str)

    assert [each.partition(" may hold it")[0] for each in told] == ["The server's own log and backups"]


def given(answers: int, notes: int) -> Assessment:
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    return Assessment(
        id="a",
        collaboration=Collaboration(id="c", library="Provbiblioteket", party="Kören", undertaking=""),
        instrument="demo",
        version="1",
        digest="",
        respondent="",
        responses={f"item{number}": "yes" for number in range(answers)},
        notes={f"item{number}": "a note" for number in range(notes)},
        started=moment,
        changed=moment,
    )


def test_what_goes_is_told_in_answers_and_notes():
    english = Messages("en")

    assert describe_contents([], english) == "0 answers"
    assert describe_contents([given(1, 0)], english) == "1 answer"
    assert describe_contents([given(17, 1)], english) == "17 answers, 1 note"
    assert describe_contents([given(17, 1), given(2, 1)], english) == "19 answers, 2 notes"
