"""The questionnaires: listed, shown, checked, begun, and what their keys are.

The work is done in `assessor.bank`; this module prints it and writes the folder of a new bank. The rules as SQL are in
`batch_commands`, because they need the table engine's import. Descriptions of keys are English in every language: the
keys are, and so is the schema that editors read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assessor.cli.context import Program, echo_json, group, say
from assessor.cli.translation import _, option
from assessor.errors import N_, AssessorError
from assessor.language import format_integer, supported_language
from assessor.safe_text import escape_controls

if TYPE_CHECKING:
    from assessor.bank import Bank, CheckScope


@group.group("bank", help=N_("The questionnaires: list them, show one, check one that you write."))
def bank_group() -> None:
    """Only a group; it does nothing by itself."""


@bank_group.command("list", help=N_("List the questionnaires."))
@option("--json", "as_json", is_flag=True)
@click.pass_obj
def bank_list(program: Program, as_json: bool) -> None:
    """Print each bundled bank with its version and languages, named in the nearest language."""
    from assessor import bank

    for listed in map(bank.open_bank, bank.available_banks()):
        version = listed.instrument.version
        if as_json:
            echo_json({"name": listed.name, "version": version, "languages": listed.languages})
        else:
            name = escape_controls(listed.nearest_wording(program.lang).name)
            click.echo(f"{listed.name} {version}  {name} ({', '.join(listed.languages)})")


@bank_group.command("show", help=N_("What a questionnaire asks, and how its rules divide all combinations of answers."))
@click.argument("name", required=False)
@click.pass_obj
def bank_show(program: Program, name: str | None) -> None:
    """Print every item with its options, then how large the compiled rules are and what they give.

    The shares are of all combinations of answers, each counted once; they say nothing of how libraries answer.
    """
    from assessor import bank
    from assessor.presentation.rule_shares import item_shares, placement_shares
    from assessor.presentation.terms import Terms

    shown = program.open_bank(name)
    instrument, words = shown.instrument, shown.nearest_wording(program.lang)
    summary = bank.describe(instrument)
    click.echo(f"{escape_controls(words.name)} ({instrument.id} {instrument.version})\n")
    for item in instrument.items:
        click.echo(f"{item.id}: {escape_controls(words.items[item.id].ask)}")
        for option_id in item.options:
            click.echo(f"    {option_id}: {escape_controls(words.items[item.id].options[option_id].label)}")
    click.echo()
    click.echo(
        _("{count} combinations of answers, {nodes} steps in the compiled rules").format(
            count=format_integer(summary.combinations, program.lang), nodes=format_integer(summary.nodes, program.lang)
        )
    )
    terms = Terms(program.lang, instrument, words)
    for placement, share in placement_shares(terms):
        click.echo(f"    {escape_controls(placement)}: {share}")
    click.echo(_("How much of the doubt each answer settles by itself"))
    for heading, share in item_shares(terms):
        click.echo(f"    {escape_controls(heading)}: {share}")


@bank_group.command(
    "check",
    help=N_("Lists every problem in a questionnaire's files at once, then proves what can be proved about its rules."),
)
@click.argument("directory", required=False)
@click.pass_context
def bank_check(context: click.Context, directory: str | None) -> None:
    """Print every problem with its place and exit with 1, or say what was checked and that the proofs hold.

    Without an argument it is the bank that `--bank` means, else the one in the working directory, else the default. The
    problems go to the standard output, since they are what the command is for.
    """
    from assessor import bank

    typed = directory or context.obj.bank_name
    folder = bank.find_folder(Path()) if typed is None and bank.is_bank(Path()) else bank.find_typed_bank(typed)
    problems = bank.check_bank(folder)
    for problem in problems:
        click.echo(problem.message(_))
    shown_folder = escape_controls(bank.display_path(folder))
    if problems:
        say(_("{count} to correct in {folder}").format(count=len(problems), folder=shown_folder))
        context.exit(1)
    _say_checked(bank.open_bank(folder), shown_folder)


def _say_checked(checked: Bank, folder: str) -> None:
    """Say which bank was checked, what was proved of it and what was not."""
    from assessor.bank import check_scope

    instrument, scope = checked.instrument, check_scope(checked)
    say(
        _(
            "Checked: {name} {version} in {folder}; languages: {languages}; questions: {items}; "
            "placements: {placements}; worked cases: {cases}"
        ).format(
            name=instrument.id,
            version=escape_controls(instrument.version),
            folder=folder,
            languages=", ".join(checked.languages),
            items=len(instrument.items),
            placements=len(instrument.placements),
            cases=len(checked.cases),
        )
    )
    say(
        _(
            "The files are valid. Proved for every combination of answers: every placement can be reached, none is "
            "shadowed, and every question matters."
        )
    )
    _say_rising(scope, has_levels=bool(instrument.levels))
    _say_unchecked(checked, scope)


def _say_unchecked(checked: Bank, scope: CheckScope) -> None:
    """Say what of the bank could not be checked, cannot be chosen, or is not there."""
    if scope.unkept_versions:
        say(
            _(
                "Not checked: the answers that migrations take from version {versions}, "
                "because its files are not in versions/."
            ).format(versions=escape_controls(", ".join(scope.unkept_versions)))
        )
    unspoken = [language for language in checked.languages if supported_language(language) is None]
    if unspoken:
        say(
            _("The program itself does not speak {languages}: nobody can choose these words with --lang.").format(
                languages=", ".join(unspoken)
            )
        )
    if scope.left_out:
        say(_("The bank does without: {parts}").format(parts=", ".join(scope.left_out)))


def _say_rising(scope: CheckScope, *, has_levels: bool) -> None:
    """Say for which questions it is proved that a better answer never gives a lower level, and why not for others."""
    if not has_levels:
        say(_("Nothing was proved about better answers: the bank names no `levels`."))
        return
    if not scope.rising:
        say(_("Nothing was proved about better answers: no question says with `rising` which answers are better."))
        return
    say(_("Proved: no better answer gives a lower level, for {items}.").format(items=", ".join(scope.rising)))
    if scope.not_rising:
        say(
            _("Not for these, which say with no `rising` which answers are better: {items}.").format(
                items=", ".join(scope.not_rising)
            )
        )


class NoSuchBankFile(AssessorError):
    """A file that no bank has."""

    template = N_("No bank has a file {name}; name one of: {known}")
    exit_code = 2


class NoSuchKey(AssessorError):
    """A key that no file of a bank has."""

    template = N_("No file of a questionnaire has a key {name}; the nearest is {nearest}")
    exit_code = 2


class UnfitBankName(AssessorError):
    """A name or a level that cannot be an id."""

    template = N_("{given} cannot be an id here; use small letters a-z, digits and _, beginning with a letter")
    exit_code = 2


class UnfitLanguage(AssessorError):
    """A language that no file can be named for."""

    template = N_("{given} is no language tag; write one as sv, en or nb")
    exit_code = 2


class FolderExists(AssessorError):
    """A folder for a new bank that is there already."""

    template = N_("{path} exists already and was left as it is; choose another name")
    exit_code = 73


class LevelsOfCopy(AssessorError):
    """Levels asked for where another bank is copied, which brings its own."""

    template = N_("A copy keeps the levels of {bank}; leave out --levels, or --from")
    exit_code = 2


@bank_group.command(
    "schema",
    help=N_(
        "JSON Schema (draft 2020-12) for each file of a questionnaire, or for one; the descriptions are in English."
    ),
)
@click.argument("file", required=False)
def bank_schema(file: str | None) -> None:
    """Print the JSON Schema of one file, or of all as one object by file name."""
    from assessor.bank import json_schema

    if file is None:
        echo_json({name: json_schema.json_schema(name) for name in json_schema.SCHEMA_NAMES})
        return
    name = json_schema.schema_name(file)
    if name is None:
        raise NoSuchBankFile(name=escape_controls(file), known=", ".join(json_schema.SCHEMA_NAMES))
    click.echo(json_schema.schema_text(name), nl=False)


@bank_group.command(
    "help", help=N_("What a key in a questionnaire's files means and where it shows, in English; or all keys.")
)
@click.argument("key", required=False)
def bank_help(key: str | None) -> None:
    """Explain the keys that match, or every key; raises `NoSuchKey` with the nearest one."""
    from assessor.bank import key_help

    places = key_help.find_key(key) if key else tuple(key_help.key_places())
    if not places:
        raise NoSuchKey(name=escape_controls(str(key)), nearest=key_help.nearest_key(str(key)))
    click.echo("\n".join(line for place in places for line in key_help.explain(place)))


@bank_group.command(
    "new", help=N_("Start a questionnaire: a small one that is valid from the start, or a copy of another.")
)
@click.argument("directory", metavar="NAME", type=click.Path(path_type=Path))
@option("--from", "source", metavar="BANK", help=N_("The questionnaire to copy: its name or its folder."))
@option("--levels", metavar="ID,ID", help=N_("The ids of the levels, the highest first; close,loose if left out."))
@option("--languages", metavar="LANG,LANG", help=N_("The languages to write it in."))
@click.pass_obj
def bank_new(program: Program, directory: Path, source: str | None, levels: str | None, languages: str | None) -> None:
    """Write a new bank's folder; every name is checked before anything is written.

    `--levels` and `--from` exclude each other: a copy brings levels, and its rules mean just those.
    """
    from assessor.bank import scaffold

    if source and levels:
        raise LevelsOfCopy(bank=escape_controls(source))
    level_ids, tags = _split_list(levels or "close,loose"), _split_list(languages)
    for id_ in (directory.name, *level_ids):
        if not scaffold.is_id(id_):
            raise UnfitBankName(given=escape_controls(id_))
    unfit = () if source else tuple(tag for tag in tags if not scaffold.is_language(tag))
    if unfit:
        raise UnfitLanguage(given=escape_controls(unfit[0]))
    if source:
        copied = program.open_bank(source)
        files = scaffold.copied_bank(directory.name, copied, tags or copied.languages)
    else:
        files = scaffold.new_bank(directory.name, level_ids, tags or ("en",))
    _write_folder(directory, files)
    say(
        _("Written: {folder}. It is already valid; change it, and check it with: {command} bank check {folder}").format(
            folder=escape_controls(str(directory)), command=program.command
        )
    )


def _write_folder(directory: Path, files: Mapping[str, str]) -> None:
    """Write all the files into a folder that is made for them; raises `FolderExists` or `CannotWrite`."""
    from assessor.output_files import CannotWrite, write_new

    try:
        directory.mkdir(parents=True)
        for folder in {(directory / name).parent for name in files} - {directory}:
            folder.mkdir()
    except FileExistsError:
        raise FolderExists(path=escape_controls(str(directory))) from None
    except OSError as error:
        raise CannotWrite(path=escape_controls(str(directory)), reason=error.strerror or "-") from error
    for name, text in files.items():
        write_new(directory / name, text.encode())


def _split_list(text: str | None) -> tuple[str, ...]:
    """The parts of a comma-separated option without blanks around them; none for an option not given."""
    return tuple(filter(None, (part.strip() for part in (text or "").split(","))))
