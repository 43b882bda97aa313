"""A day is the day where the person sits."""

import time
from datetime import UTC, date, datetime

import pytest

from assessor.local_time import local_day
from assessor.store import Erasure
from assessor.store.backups import Backup
from assessor.usecases.erasing import describe_remaining_copies

EVENING = datetime(2026, 11, 10, 23, 30, tzinfo=UTC)


@pytest.fixture
def zone(monkeypatch):
    def set_zone(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield set_zone
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("name", "day"),
    [("Europe/Stockholm", date(2026, 11, 11)), ("America/New_York", date(2026, 11, 10)), ("UTC", date(2026, 11, 10))],
)
def test_a_moment_is_told_as_the_day_it_was_here(zone, name, day):
    zone(name)

    assert local_day(EVENING) == day


def test_a_backup_is_to_be_deleted_by_the_day_where_the_person_sits(zone, tmp_path):
    backup = Backup(tmp_path / "b.db", EVENING)
    zone("UTC")
    (there,) = describe_remaining_copies(Erasure(count=1, backups=(backup,)), str)
    zone("Europe/Helsinki")
    (here,) = describe_remaining_copies(Erasure(count=1, backups=(backup,)), str)

    assert (there[-10:], here[-10:]) == (
        str(backup.expires_at.date()),
        str(date.fromordinal(backup.expires_at.date().toordinal() + 1)),
    )
