"""The files that commands read and write; `-` stands for the standard streams.

What a person names with `-o` is written as named; without it, a name is made from the library's, and a number is added
rather than writing over a file. `assessor.output_files` does the writing, whole or not at all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assessor.cli.context import UnreadableFile, say
from assessor.cli.translation import _, option
from assessor.errors import N_
from assessor.garbage_collection import paused_garbage_collection
from assessor.safe_text import escape_controls
from assessor.setup.commands import typed_command

#: Help of `--format` where a document is made in more than one.
FORMAT_HELP = N_("Chosen by the file's name, otherwise PDF.")

#: Characters that could not be shown and are named.
_MOST_NAMED = 10


def output_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a command that writes a file: `-o` and `--overwrite`."""
    output = option("-o", "--output", "output", help=N_("The file to write; - for the standard output."))
    overwrite = option("--overwrite", is_flag=True, help=N_("Overwrite an existing file."))
    return output(overwrite(paused_garbage_collection()(command)))


def chosen_format(output: str | None, asked: str | None, *offered: str) -> str:
    """The format to write: what was asked for, else what the named file ends in, else the first that is offered.

    Raises `WrongEnding` where the name says otherwise: a file that no program opens is worse than none.
    """
    if output in (None, "-"):
        return asked or offered[0]
    from assessor.output_files import require_ending

    return require_ending(Path(str(output)), (asked,) if asked else offered)


def write_output(data: bytes, output: str | None, name: str, ending: str, overwrite: bool) -> Path | None:
    """Write where the person said, else beside under a name made from `name`; the path of what was written.

    None when it went to the standard output. Raises `OutputExists`, `WrongEnding` or `CannotWrite`.
    """
    if output == "-":
        sys.stdout.buffer.write(data)
        return None
    from assessor.output_files import require_ending, write_beside, write_new

    if output:
        require_ending(Path(output), (ending,))
        return write_new(Path(output), data, overwrite=overwrite)
    return write_beside(data, name, ending, overwrite=overwrite)


def report_written(written: Path | None) -> None:
    """Say where something was written, and to a person how to open it; nothing when it went to the standard output."""
    if written:
        say(_("Written: {file}").format(file=escape_controls(str(written))))
        if sys.stderr.isatty():
            from assessor.output_files import opening_command

            say(_("To open it: {command}").format(command=escape_controls(opening_command(written))))
    _say_unshown()


def _say_unshown() -> None:
    """Say once which characters the document just written could not show."""
    if "assessor.presentation.typeface" not in sys.modules:  # no document was made: the faces were never needed
        return
    from assessor.presentation.typeface import REPLACEMENT_CHARACTER, unshown_characters

    if unshown := unshown_characters():
        named = ", ".join(f"{escape_controls(char)} (U+{ord(char):04X})" for char in unshown[:_MOST_NAMED])
        more = " …" if len(unshown) > _MOST_NAMED else ""
        message = _(
            "No font here has these letters, and {sign} is drawn in their place: {named}. They are copied and read "
            "aloud as they are; {command} says how to get a font"
        )
        command = f"{typed_command()} doctor"
        say(message.format(sign=REPLACEMENT_CHARACTER, named=named + more, command=command))


def say_carried_over(file: str) -> None:
    """Say that a file was made for an earlier version of the questions, and what became of its answers."""
    text = _(
        "{file} was made for an earlier version of the questions: its answers are carried over, and what the "
        "placement hangs on is asked again"
    )
    say(text.format(file=escape_controls(file)))


def unreadable_reason(error: OSError) -> str:
    """Why a file cannot be opened: a usual reason in the person's language, else what the system says."""
    match error:
        case FileNotFoundError():
            return _("there is no such file")
        case PermissionError():
            return _("you may not read it")
        case IsADirectoryError():
            return _("it is a folder")
    return error.strerror or type(error).__name__


@contextmanager
def open_input(file: str) -> Iterator[Any]:
    """The bytes of a file, or the standard input for `-`; raises `UnreadableFile`.

    Only opening is guarded: what a reader raises while the file is open is its own refusal, with its own cure.
    """
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115  (closed below)
    except OSError as error:
        raise UnreadableFile(file=escape_controls(file), why=unreadable_reason(error)) from error
    with stream:
        yield stream
