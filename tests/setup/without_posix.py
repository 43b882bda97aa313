"""A run of the program as on a system without POSIX: what such a system lacks is hidden from our modules."""

import builtins
import pathlib
import sys
import types
from typing import Any

_LACKING = {
    "os": {
        *("chown", "fchmod", "fchown", "fork", "getegid", "geteuid", "getgid", "getpgid", "getuid", "killpg", "lchown"),
        *("link", "mkfifo", "nice", "O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "setsid", "statvfs", "uname", "wait"),
    },
    "signal": {
        "SIGALRM",
        "SIGCHLD",
        "SIGHUP",
        "SIGKILL",
        "SIGPIPE",
        "SIGQUIT",
        "SIGUSR1",
        "SIGWINCH",
        "alarm",
        "pause",
    },
    "socket": {"AF_UNIX", "SO_REUSEPORT", "socketpair"},
    "select": {"poll", "epoll"},
}
_NO_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}

_import = builtins.__import__


class _Poorer(types.ModuleType):
    """A module without what another system lacks."""

    def __init__(self, whole: types.ModuleType) -> None:
        super().__init__(whole.__name__)
        self.__dict__["_whole"] = whole

    def __getattr__(self, name: str) -> Any:
        whole = self.__dict__["_whole"]
        if name in _LACKING[whole.__name__]:
            raise AttributeError(f"module {whole.__name__!r} has no attribute {name!r}")
        return getattr(whole, name)


def _import_poorer(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
    ours = str((globals or {}).get("__name__", "")).startswith("assessor")
    if ours and name.partition(".")[0] in _NO_MODULES:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    found = _import(name, globals, locals, fromlist, level)
    return _Poorer(found) if ours and name in _LACKING else found


def _no_links(self: pathlib.Path, target: object) -> None:
    raise NotImplementedError("os.link() not available on this system")


if __name__ == "__main__":
    builtins.__import__ = _import_poorer
    pathlib.Path.hardlink_to = _no_links  # type: ignore[method-assign, assignment]
    pathlib.Path.chmod = lambda self, mode, *, follow_symlinks=True: None  # type: ignore[method-assign]
    from assessor.__main__ import main

    sys.exit(main())
