"""What is saved is saved at the path: a file that was moved, removed or replaced while open acknowledges nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assessor.store import Store
from assessor.store.errors import StoreMoved

OTHER = "Another Example Library"


def remove(path: Path) -> None:
    path.unlink()


def move(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def move_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


def replace(path: Path) -> None:
    other = path.parent.with_name("other") / "assessor.db"
    with Store.open(other, create=True) as store:
        store.add_library(OTHER)
    other.replace(path)


def remove_log(path: Path) -> None:
    path.with_name("assessor.db-wal").unlink()


def replace_log(path: Path) -> None:
    log = path.with_name("assessor.db-wal")
    shutil.copy(log, log.with_name("copy"))
    log.with_name("copy").replace(log)


LOSSES = (remove, move, move_folder, replace, remove_log, replace_log)


def responses(path: Path) -> list[str]:
    with Store.open(path, write=False) as store:
        return [entry.value for each in store.assessments() for entry in each.history]


@pytest.mark.parametrize("lose", LOSSES)
def test_nothing_is_acknowledged_once_the_path_names_another_file(kept, begun, path, lose: Callable[[Path], None]):
    kept.record_entry(begun, "response", "creation", "joint")
    lose(path)

    for _again in range(2):
        with pytest.raises(StoreMoved, match="was moved, removed or replaced"):
            kept.record_entry(begun, "response", "creation", "ready")
    with pytest.raises(StoreMoved):
        kept.erase_assessment(begun)


@pytest.mark.parametrize("lose", LOSSES)
def test_a_file_lost_between_the_check_and_the_commit_is_not_acknowledged(kept, begun, path, lose):
    def lose_midway() -> None:
        with kept.transaction():
            kept.record_entry(begun, "response", "creation", "joint")
            lose(path)

    with pytest.raises(StoreMoved):
        lose_midway()


@pytest.mark.parametrize("lose", LOSSES)
def test_a_new_file_gets_everything_and_what_comes_after(kept, begun, path, lose):
    kept.record_entry(begun, "response", "creation", "joint", key="first")
    lose(path)
    with pytest.raises(StoreMoved):
        kept.record_entry(begun, "response", "creation", "ready", key="second")
    new = kept.continue_in_new_file()
    kept.record_entry(begun, "response", "creation", "ready", key="second")

    assert new.parent == path.parent
    assert new == kept.path != path
    assert new.stat().st_mode & 0o777 == 0o600
    assert responses(new) == ["joint", "ready"]
    if lose is replace:
        with Store.open(path) as put_there:
            assert put_there.libraries() == (OTHER,)


def test_what_was_put_in_the_place_is_never_written_over_by_the_old_log(kept, begun, path):
    for n in range(100):
        kept.record_entry(begun, "note", "creation", f"{n} " + "ord " * 100)
    replace(path)
    put_there = path.read_bytes()
    with pytest.raises(StoreMoved):
        kept.add_library("Provbiblioteket")
    kept.close()

    with Store.open(path) as store:
        assert store.libraries() == (OTHER,)
    assert path.read_bytes()[100:] == put_there[100:]


def test_a_file_that_was_moved_takes_along_all_that_was_acknowledged(kept, begun, path):
    kept.record_entry(begun, "response", "creation", "joint")
    move(path)
    kept.close()

    assert sorted(each.name for each in path.parent.iterdir()) == ["elsewhere.db"]
    assert responses(path.with_name("elsewhere.db")) == ["joint"]


def test_a_file_that_is_put_back_goes_on(kept, begun, path):
    path.rename(path.with_name("elsewhere.db"))
    with pytest.raises(StoreMoved):
        kept.record_entry(begun, "response", "creation", "joint")
    path.with_name("elsewhere.db").rename(path)
    kept.record_entry(begun, "response", "creation", "ready")
    kept.close()

    assert responses(path) == ["ready"]


def test_a_lock_that_another_writer_holds_in_the_old_place_is_left_to_it(kept, path):
    move_folder(path)
    with Store.open(path, create=True):
        kept.close()

        assert path.with_name("assessor.db.lock").exists()


def test_a_link_to_a_store_is_in_its_place(kept, begun, path):
    kept.close()
    link = path.parent.with_name("link.db")
    link.symlink_to(path)
    with Store.open(link) as store:
        store.record_entry(begun, "response", "creation", "joint")

    assert responses(path) == ["joint"]
