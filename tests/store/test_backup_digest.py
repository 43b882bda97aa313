"""A backup is, bit by bit, what was made: one that changed anywhere is refused before anything live is touched."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assessor.store import Store, restore_backup
from assessor.store.errors import BackupChanged, StoreRefused

#: Changes tried in the ordinary suite; a campaign tries every byte.
SAMPLE = 300


@pytest.fixture
def backup(kept: Store, begun: str, tmp_path: Path) -> Path:
    """Of a store that was closed since."""
    for n in range(20):
        kept.record_entry(begun, "note", "creation", f"{n} " + "ord " * n)
    made = kept.backup(tmp_path / "copy.db")
    kept.close()
    return made


def _refused(backup: Path, whole: bytes, place: int, bit: int) -> bool:
    changed = bytearray(whole)
    changed[place] ^= 1 << bit
    backup.write_bytes(changed)
    try:
        restore_backup(backup, backup.with_name("kept") / "assessor.db")
    except StoreRefused:
        return True
    return False


def _flip(backup: Path, places: list[int]) -> None:
    whole, live = backup.read_bytes(), backup.with_name("kept") / "assessor.db"
    before, drawn = live.read_bytes(), random.Random(1)

    let_through = [place for place in places if not _refused(backup, whole, place, drawn.randrange(8))]
    assert let_through == []
    assert live.read_bytes() == before
    assert not (live.parent / "backups").exists()


def test_one_changed_bit_is_refused_and_nothing_is_touched(backup):
    size = backup.stat().st_size
    ends = [*range(100), *range(size - 100, size)]

    _flip(backup, [*ends, *random.Random(2).sample(range(size), SAMPLE - len(ends))])


@pytest.mark.campaign
def test_one_changed_bit_in_any_byte_is_refused(backup):
    _flip(backup, list(range(backup.stat().st_size)))


@pytest.mark.parametrize("length", [-1, -89, 1, 4096])
def test_a_backup_of_another_length_is_refused_unless_all_that_lacks_is_the_digest(backup, length):
    whole = backup.read_bytes()
    backup.write_bytes(whole[:length] if length < 0 else whole + bytes(length))

    if length == -89:
        assert not restore_backup(backup, backup.with_name("kept") / "assessor.db").has_digest
        return
    with pytest.raises(BackupChanged, match="something in it changed afterwards; use another backup"):
        restore_backup(backup, backup.with_name("kept") / "assessor.db")


def test_a_backup_from_before_there_were_digests_is_restored_and_says_so(backup):
    with closing(sqlite3.connect(backup)) as source, closing(sqlite3.connect(backup.with_name("old.db"))) as target:
        source.backup(target)
    live = backup.with_name("kept") / "assessor.db"

    assert restore_backup(backup, live).has_digest
    assert not restore_backup(backup.with_name("old.db"), live).has_digest
    with Store.open(live, write=False) as restored, Store.open(backup, write=False) as made:
        assert restored.content_hash() == made.content_hash()


def test_text_that_is_none_in_a_backup_without_a_digest_is_told_as_damage(backup):
    with closing(sqlite3.connect(backup)) as source, closing(sqlite3.connect(backup.with_name("old.db"))) as target:
        source.backup(target)
    old = backup.with_name("old.db")
    old.write_bytes(old.read_bytes().replace("Läsning".encode(), b"L\xff\xffsning"))
    live = backup.with_name("kept") / "assessor.db"
    before = live.read_bytes()

    with pytest.raises(StoreRefused):
        restore_backup(old, live)
    assert live.read_bytes() == before


def test_looking_into_a_backup_leaves_it_as_it_is_and_going_on_in_it_makes_it_a_store(backup):
    whole = backup.read_bytes()
    with Store.open(backup, write=False) as store:
        store.assessments()
    looked_into = backup.read_bytes()
    with Store.open(backup) as store:
        store.add_library("Grannbiblioteket")

    assert looked_into == whole
    assert backup.stat().st_size % 4096 == 0
    with Store.open(backup) as store:
        assert store.libraries() == ("Grannbiblioteket", "Provbiblioteket")
