"""Disks that are full, fail, cannot be written, or belong to somebody else."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assessor.store import Store, store_files
from assessor.store.errors import (
    NotAStore,
    NotTheOwner,
    StoreFull,
    StoreOnNetwork,
    StoreUnwritable,
)

HERE = Path(__file__).parent
SNAPSHOT = "{}"
NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount and change users")


@pytest.fixture
def small_disk(tmp_path):
    """A disk of two megabytes."""
    at = tmp_path / "small"
    at.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", at], capture_output=True)
    if done.returncode:
        pytest.skip("nothing can be mounted here")
    yield at
    subprocess.run(["umount", "-l", at], check=True)


def begin(store, instrument) -> str:
    return store.begin_assessment(
        store.add_collaboration("Provbiblioteket", "Exempelföreningen").id, instrument, SNAPSHOT
    )


@as_root
def test_a_full_disk_keeps_what_was_acknowledged_and_goes_on_when_there_is_space(small_disk, instrument):
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(1_200_000))
    acknowledged = []
    with Store.open(small_disk / "assessor.db", create=True) as store:
        id_ = begin(store, instrument)

        def give_until_full():
            for n in range(2_000):
                store.record_entry(id_, "note", "creation", f"{n} " + "å" * 1_000, key=str(n))
                acknowledged.append(n)

        with pytest.raises(StoreFull) as caught:
            give_until_full()
        assert "was not saved; free some space" in str(caught.value)
        assert [int(e.value.split()[0]) for e in store.assessment(id_).history] == acknowledged
        with pytest.raises(StoreFull):
            store.backup()
        ballast.unlink()
        store.record_entry(id_, "note", "creation", "det går igen", key="again")
        assert store.assessment(id_).notes == {"creation": "det går igen"}

    assert len(acknowledged) > 20
    assert sorted(found.name for found in small_disk.iterdir()) == ["assessor.db", "backups"]
    assert list((small_disk / "backups").iterdir()) == []


@as_root
def test_a_store_cannot_be_made_on_a_full_disk_and_leaves_nothing_there(small_disk):
    with pytest.raises(OSError, match="No space"):
        (small_disk / "ballast").write_bytes(bytes(3_000_000))

    with pytest.raises(StoreFull):
        Store.open(small_disk / "assessor.db", create=True)
    assert [found.name for found in small_disk.iterdir()] == ["ballast"]


@pytest.mark.skipif(not shutil.which("gcc"), reason="no compiler to make a failing disk with")
def test_after_a_failed_sync_nothing_is_promised_until_the_file_was_checked(kept, begun, path, tmp_path):
    kept.close()
    shim = tmp_path / "shim.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", shim, HERE / "shim.c", "-ldl"], check=True)
    once = tmp_path / "once"
    done = subprocess.run(
        [sys.executable, HERE / "failing_disk.py", path, once, begun],
        env={**os.environ, "LD_PRELOAD": str(shim), "FAIL_ONCE": str(once), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=True,
        text=True,
    )

    found = json.loads(done.stdout)
    assert found["told"] == ["kept", "StoreDiskError", "StoreDiskError", "kept"]
    assert (found["readable"], found["lock_stays"]) == ("first", True)
    assert [value for value in found["history"] if value != "while it fails"] == ["first", "opened again"]


def as_nobody(path: Path, work: str) -> str:
    """What becomes of opening a store as a user without rights."""
    code = f"""
import os, sys
import assessor.paths, filelock  # while what lies in root's own folders can still be read
from pathlib import Path
from assessor.store import Store
from assessor.errors import AssessorError
os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})
try:
    {work}
except AssessorError as problem:
    print(type(problem).__name__, problem.exit_code)
else:
    print("opened")
"""
    done = subprocess.run(
        [sys.executable, "-c", code, path],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "ASSESSOR_HOME": str(path.parent)},
        capture_output=True,
        text=True,
        cwd="/",
    )
    return done.stdout.strip() or done.stderr


@pytest.fixture
def reachable():
    """A folder that every user of the machine can reach."""
    import tempfile

    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@as_root
def test_a_folder_that_cannot_be_written_is_told_at_opening(reachable):
    Store.open(reachable / "assessor.db", create=True).close()
    (reachable / "assessor.db").chmod(0o644)
    os.chown(reachable / "assessor.db", NOBODY, NOBODY)
    before = (reachable / "assessor.db").read_bytes()

    assert as_nobody(reachable / "assessor.db", "Store.open(sys.argv[1])") == "StoreUnwritable 73"
    assert as_nobody(reachable / "new.db", "Store.open(sys.argv[1], create=True)") == "StoreUnwritable 73"
    assert as_nobody(reachable / "home" / "x.db", "Store.open()") == "StoreUnwritable 73"
    assert as_nobody(reachable / "assessor.db", "Store.open(sys.argv[1], write=False)") == "opened"
    assert [found.name for found in reachable.iterdir()] == ["assessor.db"]
    assert (reachable / "assessor.db").read_bytes() == before


@as_root
def test_a_store_of_another_user_is_told_at_opening(reachable):
    reachable.chmod(0o777)
    Store.open(reachable / "assessor.db", create=True).close()

    assert as_nobody(reachable / "assessor.db", "Store.open(sys.argv[1])") == "NotTheOwner 73"
    assert as_nobody(reachable / "assessor.db", "Store.open(sys.argv[1], write=False)") == "StoreUnreadable 74"
    (reachable / "assessor.db").chmod(0o666)
    assert as_nobody(reachable / "assessor.db", "Store.open(sys.argv[1])") == "NotTheOwner 73"
    os.chown(reachable / "assessor.db", NOBODY, NOBODY)
    with pytest.raises(NotTheOwner, match="nobody"):
        Store.open(reachable / "assessor.db")


@as_root
def test_a_disk_mounted_for_reading_is_told_at_opening_and_can_be_read(small_disk, instrument):
    with Store.open(small_disk / "assessor.db", create=True) as store:
        id_ = begin(store, instrument)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    with pytest.raises(StoreUnwritable, match="make the folder writable"):
        Store.open(small_disk / "assessor.db")
    with Store.open(small_disk / "assessor.db", write=False) as store:
        assert store.assessment(id_).responses == {}


def test_a_home_that_is_missing_and_cannot_be_made_is_told_at_opening(monkeypatch):
    monkeypatch.setenv("ASSESSOR_HOME", "/proc/nobody/home")

    with pytest.raises(StoreUnwritable):
        Store.open()


def test_a_home_that_is_missing_is_made_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSESSOR_HOME", str(tmp_path / "home" / "data"))
    before = os.umask(0)
    try:
        Store.open().close()
    finally:
        os.umask(before)

    assert (tmp_path / "home" / "data").stat().st_mode & 0o777 == 0o700


def test_a_folder_is_no_store(tmp_path):
    with pytest.raises(NotAStore):
        Store.open(tmp_path)


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("OneDrive - Provstad", "OneDrive"),
        ("Dropbox", "Dropbox"),
        ("Nextcloud", "Nextcloud"),
        ("Library/Mobile Documents/com~apple~CloudDocs", "iCloud"),
        ("iCloudDrive", "iCloud"),
        ("Dokument", None),
    ],
)
def test_a_folder_that_a_service_copies_is_warned_of(tmp_path, folder, service):
    with Store.open(tmp_path / folder / "assessor.db", create=True) as store:
        assert (store.cloud_folder.service if store.cloud_folder else None) == service


MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
server:/home /home nfs4 rw,vers=4.2 0 0
//server/share /srv/my\\040share cifs rw 0 0
tmpfs /home/local tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/assessor.db", None),
        ("/home/a/assessor.db", "nfs4"),
        ("/homes/assessor.db", None),
        ("/home/local/assessor.db", None),
        ("/srv/my share/assessor.db", "cifs"),
    ],
)
def test_the_deepest_mount_tells_whether_a_path_lies_on_the_network(path, kind):
    assert store_files.network_file_system(Path(path), MOUNTS) == kind


@pytest.mark.parametrize("options", [{"create": True}, {"create": False}, {"write": False}])
def test_a_network_disk_is_refused_before_anything_is_made(tmp_path, monkeypatch, options):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/x {tmp_path}/net nfs rw 0 0\n")
    monkeypatch.setattr(store_files, "MOUNTS", mounts)
    (tmp_path / "net").mkdir()

    with pytest.raises(StoreOnNetwork, match="nfs"):
        Store.open(tmp_path / "net" / "assessor.db", **options)
    assert list((tmp_path / "net").iterdir()) == []
