"""Power cuts: a disk in memory that keeps unsynced sectors apart and loses some of them at any moment."""

import random
from contextlib import suppress

import apsw
import pytest

from assessor.store import Store
from assessor.store.sqlite import ENABLE_WAL, PRAGMAS, SqliteDatabase

SECTOR = 512
SNAPSHOT = "the bank's text " * 400


class Platter:
    """One file's bytes: what the disk holds for certain, and what it may lose."""

    def __init__(self, content: bytes = b"") -> None:
        self.synced = bytearray(content)
        self.now = bytearray(content)
        self.unsynced: set[int] = set()

    def write(self, data: bytes, offset: int) -> None:
        self.now.extend(bytes(max(0, offset - len(self.now))))
        self.now[offset : offset + len(data)] = data
        self.unsynced.update(range(offset // SECTOR, (offset + len(data) - 1) // SECTOR + 1))

    def truncate(self, size: int) -> None:
        self.unsynced.update(range(size // SECTOR, len(self.now) // SECTOR + 1))
        del self.now[size:]

    def sync(self) -> None:
        self.synced[:], self.unsynced = self.now, set()

    def after_a_cut(self, chance: random.Random) -> bytes:
        """What is found when the power is back: of each unsynced sector the old or the new."""
        size = chance.choice([len(self.synced), len(self.now)])
        found = bytearray(self.synced[:size]).ljust(size, b"\0")
        for sector in self.unsynced:
            if chance.random() < 0.5:
                piece = self.now[sector * SECTOR : (sector + 1) * SECTOR]
                found[sector * SECTOR : sector * SECTOR + len(piece)] = piece
        return bytes(found[:size])


class Disk(apsw.VFS):
    """Files on platters; after so many writes and syncs the power goes."""

    def __init__(self, files: dict[str, bytes], lasts: float) -> None:
        self.files = {name: Platter(content) for name, content in files.items()}
        self.left = lasts
        self.name = f"disk{id(self)}"
        super().__init__(self.name, "")

    def draw(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise apsw.IOError("the power is gone")

    def after_a_cut(self, chance: random.Random) -> dict[str, bytes]:
        return {name: platter.after_a_cut(chance) for name, platter in self.files.items()}

    def xOpen(self, name, flags):
        path = name if isinstance(name, str) else name.filename() if name else f"temporary{len(self.files)}"
        self.files.setdefault(path, Platter())
        flags[1] = flags[0]
        return OpenFile(self, self.files[path])

    def xDelete(self, name, syncdir):
        self.draw()
        self.files.pop(name, None)

    def xAccess(self, name, flags):
        return name in self.files

    def xFullPathname(self, name):
        return name

    def xRandomness(self, count, *_):
        return random.randbytes(count)

    def xSleep(self, microseconds):
        return microseconds

    def xCurrentTime(self):
        return 2_460_000.5

    def xCurrentTimeInt64(self):
        return 212_424_000_000_000

    def xGetLastError(self):
        return (0, "")


class OpenFile:
    """A platter under the hands of SQLite."""

    def __init__(self, disk: Disk, platter: Platter) -> None:
        self.disk, self.platter = disk, platter

    def xRead(self, amount, offset):
        return bytes(self.platter.now[offset : offset + amount])

    def xWrite(self, data, offset):
        self.disk.draw()
        self.platter.write(data, offset)

    def xTruncate(self, size):
        self.disk.draw()
        self.platter.truncate(size)

    def xSync(self, flags):
        self.disk.draw()
        self.platter.sync()

    def xFileSize(self):
        return len(self.platter.now)

    def xSectorSize(self):
        return SECTOR

    def xDeviceCharacteristics(self):
        return 0

    def xClose(self):
        pass

    def xLock(self, level):
        pass

    def xUnlock(self, level):
        pass

    def xCheckReservedLock(self):
        return False

    def xFileControl(self, op, pointer):
        return False


def plugged(disk: Disk, pragmas=PRAGMAS) -> apsw.Connection:
    """A connection with the product's settings; alone, because a disk in memory has no shared memory for the log."""
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    connection = apsw.Connection("assessor.db", flags, vfs=disk.name)
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    for pragma in (*pragmas, ENABLE_WAL):
        connection.execute(pragma)
    return connection


def one_cut(path, files: dict[str, bytes], assessment: str, chance: random.Random, pragmas) -> tuple[int, int, int]:
    """How many were acknowledged, how many of them were lost, and whether the file was corrupt."""
    disk = Disk(files, chance.randrange(5, 400))
    acknowledged: list[str] = []
    with suppress(apsw.Error):
        connection = plugged(disk, pragmas)
        store = Store(SqliteDatabase(path, connection, write=True))
        for n in range(200):
            match chance.random():
                case few if few < 0.02:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                case few if few < 0.03:
                    store.erase_assessment("an other one")
                case few if few < 0.04:
                    connection.close()
                    connection = plugged(disk, pragmas)
                    store = Store(SqliteDatabase(path, connection, write=True))
            store.record_entry(assessment, "response", f"item{n % 16}", f"option{n}", key=str(n))
            acknowledged.append(f"option{n}")
    found = disk.after_a_cut(chance)
    with suppress(apsw.Error):
        connection.close(force=True)  # what this writes goes nowhere
    return len(acknowledged), *_found_after(path, found, assessment, acknowledged)


def _found_after(path, files: dict[str, bytes], assessment: str, acknowledged: list[str]) -> tuple[int, int]:
    disk = Disk(files, float("inf"))
    try:
        connection = plugged(disk)
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            return 0, 1
        history = Store(SqliteDatabase(path, connection, write=True)).assessment(assessment).history
    except apsw.Error:
        return 0, 1
    kept = [entry.value for entry in history]
    lost = len(set(acknowledged) - set(kept))
    in_order = kept[: len(acknowledged)] == acknowledged and len(kept) <= len(acknowledged) + 1
    return lost, int(not lost and not in_order)


def cuts(path, instrument, count: int, pragmas=PRAGMAS) -> dict[str, int]:
    with Store.open(path, create=True) as store:
        collaboration = store.add_collaboration("Provbiblioteket", "Exempelföreningen")
        assessment = store.begin_assessment(collaboration.id, instrument, SNAPSHOT)
    files = {"assessor.db": path.read_bytes()}
    figures = [one_cut(path, files, assessment, random.Random(seed), pragmas) for seed in range(count)]
    acknowledged, lost, corrupt = map(sum, zip(*figures, strict=True))
    return {"acknowledged": acknowledged, "lost": lost, "corrupt": corrupt}


def test_a_power_cut_takes_nothing_that_was_acknowledged(path, instrument):
    figures = cuts(path, instrument, 100)

    assert (figures["lost"], figures["corrupt"]) == (0, 0)
    assert figures["acknowledged"] > 1_000


def test_the_same_cuts_do_take_something_from_a_store_that_syncs_less(path, instrument):
    less = tuple(pragma.replace("synchronous=FULL", "synchronous=NORMAL") for pragma in PRAGMAS)

    assert cuts(path, instrument, 20, less)["lost"] > 0


@pytest.mark.campaign
def test_a_thousand_power_cuts_take_nothing_that_was_acknowledged(path, instrument, capsys):
    figures = cuts(path, instrument, 1_000)
    with capsys.disabled():
        print(f"\n1,000 power cuts: {figures}")

    assert (figures["lost"], figures["corrupt"]) == (0, 0)
