"""Where the program starts: what can be answered at once is answered before anything slow is imported.

`--version` and the general help need neither click nor the store. They are what people try first, and what scripts and
shells call most.
"""

import sys

from assessor.garbage_collection import paused_garbage_collection, search_nothing_at_exit
from assessor.standard_output import OutputNotWritten, ReaderLeft, check_output


def main() -> int:
    """Run the command line and see to it that what it printed was written; returns the exit code."""
    check_output()
    search_nothing_at_exit()
    try:
        code = _run(sys.argv[1:])
        sys.stdout.flush()
    except OutputNotWritten as error:
        return _refuse(error)
    except ReaderLeft:
        return 0
    return code


def _run(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        from assessor import __version__

        sys.stdout.write(f"assessor {__version__}\n")
        return 0
    if arguments and arguments[-1] in ("--help", "-h"):
        from assessor.help_page import overview
        from assessor.language import split_lang_option

        wish, rest = split_lang_option(arguments)
        if len(rest) == 1:
            sys.stdout.write(overview(wish))
            return 0
    with paused_garbage_collection():
        from assessor.cli import run
    from assessor.core_dumps import forbid_core_dumps

    forbid_core_dumps()
    return run(arguments)


def _refuse(error: OutputNotWritten) -> int:
    """Say what was not written, in the language asked for."""
    from assessor.cli.context import say
    from assessor.cli.translation import _, speak_language_of

    speak_language_of(sys.argv[1:])
    say(error.message(_))
    return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
