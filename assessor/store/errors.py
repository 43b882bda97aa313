"""What the store refuses, and why; every sentence ends in what to do.

Grouped by cause: the file itself, its place on the disk, backups and copies, a server, then names and texts. Exit
codes follow sysexits.h: 73 for what cannot be written now, 74 for a file or disk that is not sound, 69 for a server
that is not there, 2 for a command to type otherwise.
"""

from collections.abc import Callable
from typing import ClassVar

from assessor.errors import N_, AssessorError


class StoreMissing(AssessorError):
    """No store at a path that was named; one is made unasked only at the default place."""

    template = N_(
        "There is no store at {path}, and none was made; check the path, or set ASSESSOR_HOME "
        "to a folder to start one in"
    )
    exit_code = 74


class StoreRefused(AssessorError):
    """A store that cannot be trusted and is left exactly as it is.

    The fact `backup` is the path of its last backup, "" when there is none, and None on a server, where none is looked
    for.
    """

    exit_code = 74
    template_with_backup: ClassVar[str] = N_("{said}. The last backup: {backup}")
    template_without_backup: ClassVar[str] = N_("{said}. There is no backup beside it")

    def message(self, translate: Callable[[str], str]) -> str:
        """The sentence, and where the last backup lies."""
        if self.facts["backup"] is None:
            return super().message(translate)
        ending = self.template_with_backup if self.facts["backup"] else self.template_without_backup
        return translate(ending).format(said=super().message(translate), backup=self.facts["backup"])


class StoreEmpty(StoreRefused):
    """A file of no bytes."""

    template = N_("{path} is empty and was left as it is; move it away, or restore a backup over it")


class StoreTruncated(StoreRefused):
    """A file shorter than its own header says."""

    template = N_("{path} was cut off and was left as it is; restore a backup over it")


class StoreDamaged(StoreRefused):
    """A file that SQLite cannot read through."""

    template = N_("{path} is damaged and was left as it is; restore a backup over it")


class BackupChanged(StoreRefused):
    """A backup that is not, bit by bit, what its digest was made of."""

    template = N_("{path} is not the backup that was made: something in it changed afterwards; use another backup")


class NotAStore(StoreRefused):
    """A file or database of something else than `assessor`."""

    template = N_("{path} is not a store of assessor and was left as it is; check the path")


class StoreNewer(StoreRefused):
    """A schema that this version does not know, made by a later one."""

    template = N_("{path} was written by a newer assessor and was left as it is; update assessor")


class StoreOlder(AssessorError):
    """A schema that must be upgraded, in a store opened for reading only."""

    template = N_("{path} was written by an older assessor; open it once for writing, which upgrades it")
    exit_code = 74


class StoreUsedByOlder(AssessorError):
    """A server's store whose tables are to be changed while a program runs that knows them as they are."""

    template = N_(
        "{path} is in use by an older assessor and was left as it is; end everything that uses it, make a dump, and "
        "start this version then"
    )
    exit_code = 73


class UpgradeFailed(AssessorError):
    """A migration that failed; the file is as it was before."""

    template = N_(
        "{path} could not be upgraded ({problem}) and was left as it was; continue with the "
        "older assessor, and report this to the person who looks after it"
    )
    exit_code = 74


class StoreInUse(AssessorError):
    """Another process holds the writer lock; any number may read meanwhile."""

    template = N_("{path} is in use by pid {pid} since {since}; finish there, or wait, and try again")
    exit_code = 73


class StoreBusy(AssessorError):
    """A program other than `assessor` holds SQLite's own lock."""

    template = N_("Another program is using {path}; close it and try again. Nothing was saved")
    exit_code = 73


class StoreUnwritable(AssessorError):
    """A folder or file that cannot be written; found when the store is opened, not at the first answer."""

    template = N_(
        "Nothing can be kept at {path} ({reason}); "
        "make the folder writable, or choose another one (ASSESSOR_HOME names the store's)"
    )
    exit_code = 73


class StoreUnreadable(AssessorError):
    """The file is there, and this user may not read it."""

    template = N_("{path} cannot be read ({reason}); ask its owner, or choose another store")
    exit_code = 74


class NotTheOwner(AssessorError):
    """The file belongs to another user of the machine."""

    template = N_("{path} belongs to another user; work as {owner}, or choose another folder with ASSESSOR_HOME")
    exit_code = 73


class StoreOnNetwork(AssessorError):
    """A file system on which SQLite's locks cannot be trusted."""

    template = N_(
        "{path} is on a network disk ({kind}), where answers can be lost; choose a folder on "
        "this machine with ASSESSOR_HOME"
    )
    exit_code = 73


class StoreReadOnly(AssessorError):
    """A write to a store that was opened for reading."""

    template = N_("{path} was opened for reading; open it for writing")
    exit_code = 73


class StoreFull(AssessorError):
    """No space left; nothing of this write was kept, and the next one may succeed."""

    template = N_("The disk that holds {path} is full, so this was not saved; free some space and try again")
    exit_code = 73


class StoreDiskError(AssessorError):
    """The disk reported an error: this connection writes no more until the file has been checked."""

    template = N_(
        "The disk under {path} reported an error and this was not saved; "
        "open the store again, which checks it, before going on"
    )
    exit_code = 74


class StoreMoved(AssessorError):
    """The path does not name the file that is open any more, so what is written there would not be found again."""

    template = N_(
        "{path} was moved, removed or replaced while it was open, so this was not saved; "
        "continue in a new file, which gets everything answered so far"
    )
    exit_code = 74


class BackupExists(AssessorError):
    """A backup replaces a file only where that was asked for."""

    template = N_("{path} exists already and was left as it is; choose another name, or add --overwrite")
    exit_code = 73


class NoOrdinaryFile(AssessorError):
    """A folder or a device in a backup's place, which is never replaced."""

    template = N_("{path} is not an ordinary file and was left as it is; choose another name")
    exit_code = 73


class BackupIsStore(AssessorError):
    """A store cannot be its own backup, nor be replaced by another's."""

    template = N_("{path} is a store itself; choose another name for the backup")
    exit_code = 73


class BackupNotVerified(AssessorError):
    """The copy does not hold what it was made from and was deleted."""

    template = N_("The copy at {path} differs from the original and was discarded; check the disk")
    exit_code = 74


class ErasureIncomplete(AssessorError):
    """Erased, but another program still has pages open that may hold traces."""

    template = N_(
        "Erased, but another program is still reading {path}, so traces may remain in it; close "
        "that program and erase again"
    )
    exit_code = 73


class StoreNotEmpty(AssessorError):
    """A copy never goes into a store that holds something: merging is done by taking in an export."""

    template = N_("{path} holds answers already and was left as it is; name a store that is empty or not there yet")
    exit_code = 73


class CopyDiffers(AssessorError):
    """The copy does not hold what it was made from; nothing of it was kept."""

    template = N_(
        "What arrived in {path} differs from the original, so none of it was kept; copy it "
        "again, and check the disks if it happens again"
    )
    exit_code = 74


class ServerKeepsBackups(AssessorError):
    """A command that only a store in a file has; a server's backups are made by its own tools."""

    template = N_("{path} is a database server; use its own tools for backup and restore, such as pg_dump")
    exit_code = 2


class InvalidStoreUrl(AssessorError):
    """An address that cannot be read; never shown, as a password may stand in it."""

    template = N_(
        "That is not the address of a store; write postgresql://USER@HOST/DATABASE, with every special character "
        "of a password as a percent sign and two digits, or the path of a file"
    )
    exit_code = 2


class DriverMissing(AssessorError):
    """The extra `postgresql` is not installed."""

    template = N_(
        "The PostgreSQL driver is not installed; start.sh fetches it when --store or "
        "ASSESSOR_STORE names the server, elsewhere install it with: pip install "
        "'assessor[postgresql]'"
    )
    exit_code = 69


class ServerConnectionLost(AssessorError):
    """The connection ended before anything was committed: safe to repeat."""

    template = N_("The connection to {path} was lost, so this was not saved; try again")
    exit_code = 69


class ServerUnreachable(ServerConnectionLost):
    """No connection could be made."""

    template = N_(
        "{path} cannot be reached ({reason}); see that the server runs and that address, user and password are right"
    )


class OutcomeUnknown(AssessorError):
    """The connection ended during a commit: it may or may not have been kept."""

    template = N_(
        "The connection to {path} was lost while saving; check whether it is there, and if not, give it again"
    )
    exit_code = 69


class ServerBusy(AssessorError):
    """Rows were locked by others for longer than a person should wait, or the transaction conflicted with theirs."""

    template = N_("{path} is busy, so this was not saved; try again in a moment")
    exit_code = 73


class ServerFull(AssessorError):
    """No space left on the server's disk."""

    template = N_("The disk of {path} is full, so this was not saved; ask the server's administrator")
    exit_code = 73


class ServerUnwritable(AssessorError):
    """The server lets this user read and not write."""

    template = N_(
        "{path} cannot be written ({reason}); ask the server's administrator for the right to create tables there"
    )
    exit_code = 73


class ServerEmpty(StoreMissing):
    """A database without tables, opened where a store must exist already."""

    template = N_("There is no store in {path} yet; the first answers make one, and so does {command} store copy")


class UnsupportedServerEncoding(AssessorError):
    """A database in an encoding that lacks some letters."""

    template = N_(
        "{path} stores its text as {encoding}, which lacks some letters; create the database "
        "again with the encoding UTF8"
    )
    exit_code = 74


class NotInStore(AssessorError):
    """Nothing with this name or id is in the store."""

    template = N_("There is nothing called {name} here; see the list of what there is")


class NameTaken(AssessorError):
    """A new name that another one of the same kind has."""

    template = N_("{name} is already the name of another; choose a different name")


class NameEmpty(AssessorError):
    """A name without a visible character."""

    template = N_("A name is needed; write at least one character")


class TextTooLong(AssessorError):
    """More text than a report or a spreadsheet can hold."""

    template = N_("The text has {length} characters and at most {limit} can be kept; shorten it")


class BadCharacter(AssessorError):
    """A character that an export could not hold."""

    template = N_("The text has the character {character} at position {position}, which no export can hold; remove it")


class KeyReused(AssessorError):
    """A key under which something else was stored before."""

    template = N_("This does not belong to the page it was sent from, so it was not saved; open the page again first")
    exit_code = 2


class UnknownKind(AssessorError):
    """An entry or act of a kind that the store does not know."""

    template = N_("{kind!r} is not a kind of entry; choose one of: {kinds}")
