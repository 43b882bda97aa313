"""What only some systems have, asked for in one place: Windows lacks owners, modes, forks and most signals.

A system that cannot do something does without it, and SECURITY.md says what then holds. Nothing else in the program
imports fcntl, pwd, resource or termios, or uses a part of `os` or `signal` that a system may lack.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from socket import socket as Socket

#: Flags for `os.open`: no link is followed, and bytes stay as they are.
SAFE_OPEN: Final[int] = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)

_NO_HARDLINK_ERRORS: Final = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}
#: The request number of SIOCGIFADDR.
_GET_INTERFACE_ADDRESS: Final = 0x8915


def has_owners() -> bool:
    """Whether files have an owner and modes here, as on every system but Windows."""
    return _user_id() is not None


def is_administrator() -> bool:
    """Whether this runs as root; False where there is none."""
    return _user_id() == 0


def is_own(path: Path) -> bool:
    """Whether a file belongs to who runs this; True where files have no owners."""
    return _user_id() in (None, path.stat().st_uid)


def _user_id() -> int | None:
    """Who runs this; None where files have no owners."""
    if sys.platform == "win32" or not hasattr(os, "geteuid"):
        return None
    return os.geteuid()


def owner_name(path: Path) -> str:
    """The name of a file's owner; the number where the system knows none."""
    uid = path.stat().st_uid
    if sys.platform != "win32":
        with contextlib.suppress(ImportError, KeyError):
            import pwd

            return pwd.getpwuid(uid).pw_name
    return str(uid)


def link_unless_taken(path: Path, target: Path) -> bool:
    """Give a file another name; False where there are no links. Raises `FileExistsError` where it is taken."""
    try:
        path.hardlink_to(target)
    except NotImplementedError:
        return False
    except OSError as error:
        if error.errno not in _NO_HARDLINK_ERRORS:
            raise
        return False
    return True


def is_process_alive(pid: int) -> bool | None:
    """Whether a process runs under this id; None where asking would end it, as on Windows."""
    if not has_owners():
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def end_signals() -> tuple[signal.Signals, ...]:
    """What a closed window and a request to end send here."""
    return tuple(getattr(signal, name) for name in ("SIGHUP", "SIGTERM") if hasattr(signal, name))


def can_fork() -> bool:
    """Whether one server can be several processes here."""
    import socket

    return hasattr(os, "fork") and hasattr(socket, "SO_REUSEPORT")


def is_in_browser() -> bool:
    """Whether this runs inside a browser, where there are neither threads nor processes."""
    return sys.platform == "emscripten"


def one_thread(name: str) -> Executor:
    """What runs acts one after another beside the caller; where there are no threads, at once and before it goes on."""
    return CallerExecutor() if is_in_browser() else ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)


class CallerExecutor(Executor):
    """Runs each act in the thread of whoever submits it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The act's result or error, there already."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as problem:
            future.set_exception(problem)
        return future


def try_lock(path: Path) -> int | None:
    """A descriptor that holds the lock on a file until it is closed, or its process ends; None while another has it."""
    if sys.platform == "win32":  # where one process answers, which needs no lock
        raise NotImplementedError
    from fcntl import LOCK_EX, LOCK_NB, flock

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def claim_port(listening: Socket, *, shared: bool) -> None:
    """Have a port for this socket alone, or with those of this program's other processes; also just after another."""
    import socket

    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where SO_REUSEADDR would let anybody take the port away
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        return
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared and sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)


def interface_addresses() -> list[tuple[str, str]]:
    """The name and IPv4 address of each network interface; none on a system that cannot be asked."""
    found: list[tuple[str, str]] = []
    with contextlib.suppress(ImportError):
        import socket
        import struct

        if sys.platform != "win32":
            from fcntl import ioctl

            for _index, name in socket.if_nameindex():
                with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                    reply = ioctl(probe.fileno(), _GET_INTERFACE_ADDRESS, struct.pack("256s", name.encode()[:15]))
                    found.append((name, socket.inet_ntoa(reply[20:24])))
    return found


def is_readable(descriptor: int) -> bool:
    """Whether something has arrived on a connection."""
    import select

    if sys.platform == "win32" or not hasattr(select, "poll"):  # select alone takes no more than 1,024 on others
        return bool(select.select([descriptor], [], [], 0)[0])
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    return bool(poller.poll(0))


def raise_open_file_limit() -> None:
    """Raise this process's soft limit of open files to the hard limit: every connection needs a file."""
    _limit("RLIMIT_NOFILE", lambda hard: (hard, hard))


def limit_memory(most: int) -> None:
    """Limit the memory of this process, where the system can."""
    _limit("RLIMIT_AS", lambda _hard: (most, most))


def limit_time(seconds: int) -> None:
    """Limit processor time from now on; the system ends the process when it is used up."""
    _limit("RLIMIT_CPU", lambda hard: (int(time.process_time()) + 1 + seconds, hard))


def forbid_core_files() -> None:
    """Leave no core file."""
    _limit("RLIMIT_CORE", lambda _hard: (0, 0))


def _limit(name: str, limits: Callable[[int], tuple[int, int]]) -> None:
    """Set a limit of this process's, of its hard one; nothing where the system has no such limit, or refuses."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(ImportError, AttributeError, ValueError, OSError):
        import resource

        which: int = getattr(resource, name)
        resource.setrlimit(which, limits(resource.getrlimit(which)[1]))
