"""Where the program starts: what can be answered at once is answered before anything slow is imported.

`--version` and the general help need neither click nor the store. They are what people try first, and what scripts and
shells call most.
"""

import sys


def main() -> int:
    """Run the command line; returns the exit code."""
    arguments = sys.argv[1:]
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
    from assessor.cli import run
    from assessor.core_dumps import forbid_core_dumps

    forbid_core_dumps()
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
