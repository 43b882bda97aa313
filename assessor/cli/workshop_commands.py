"""Workshops: opened and led from this machine, listed, closed, reported, erased.

`assessor workshop NAME` is the usual way: it opens the workshop or goes on with it and serves the phones of one room,
over plain HTTP on the room's own network, until Ctrl-C. A server that phones reach from anywhere is `serve_commands`;
the two share what a name means (`usecases.opening`) and all pages.

Workshops are found by their name. Where several had the same one, the latest is meant.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from assessor.cli.context import (
    CommandGroup,
    Program,
    confirm,
    confirm_erasure,
    echo_json,
    group,
    say,
    say_erased,
    say_remaining_copies,
    store_notices,
)
from assessor.cli.output import FORMAT_HELP, chosen_format, output_options, report_written, write_output
from assessor.cli.translation import _, option
from assessor.errors import N_, AssessorError
from assessor.local_time import local_day
from assessor.safe_text import escape_controls, format_names

if TYPE_CHECKING:
    from assessor.bank import Bank
    from assessor.core.workshop import Workshop
    from assessor.store import Store
    from assessor.usecases.facilitating import Facilitation
    from assessor.usecases.opening import LedWorkshop, WorkshopRequest
    from assessor.usecases.workshops import Workshops
    from assessor.web.http.addresses import AddressWatch


class NotOurAddress(AssessorError):
    """An address that this machine does not have."""

    template = N_("This machine cannot be reached at {address}; give --address one of: {known}")
    exit_code = 2


class DefaultCommandGroup(CommandGroup):
    """A group whose usual command may be left out: what is no command is its argument.

    So `assessor workshop Tuesday` leads the workshop of that name. One called like a command ("report") can be led by
    writing the command too: `assessor workshop lead report`.
    """

    default_command = "lead"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the usual command before arguments that begin with neither a command nor help."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [self.default_command, *args]
        return super().parse_args(ctx, args)


@group.group(
    "workshop",
    cls=DefaultCommandGroup,
    help=N_(
        "People in a room answer on their phones while you lead: {command} workshop NAME "
        "opens a workshop or continues it."
    ),
)
def workshop() -> None:
    """Only a group; the command that may be left out is `lead`."""


@workshop.command(help=N_("The workshop to open or continue; may be left out."))
@click.argument("name")
@option("--library", help=N_("The library whose workshop it is; a new name starts a new library."))
@option(
    "--collaboration",
    "wished",
    multiple=True,
    help=N_("A collaboration to talk about, by its whole name; may be repeated."),
)
@option("--all", "whole", is_flag=True, help=N_("All of the library's collaborations."))
@option(
    "--at-least",
    type=click.IntRange(3, 1000),
    help=N_("Answers from fewer people than this are never shown (default 5)."),
)
@option("--days", type=click.IntRange(1, 3650), help=N_("Days until answers are erased (default 90)."))
@option("--address", help=N_("This machine's address on the room's network, where it has several."))
@option("--port", type=click.IntRange(1, 65535), help=N_("The port to listen on."))
@option("--contact", default="", help=N_("The contact to report barriers to, for the accessibility statement."))
@option("--no-browser", is_flag=True, help=N_("Just show the address."))
@click.pass_obj
def lead(
    program: Program,
    name: str,
    library: str | None,
    wished: tuple[str, ...],
    whole: bool,
    at_least: int | None,
    days: int | None,
    address: str | None,
    port: int | None,
    contact: str,
    no_browser: bool,
) -> None:
    """Serve the workshop to the room until Ctrl-C, and open its board in the browser.

    The store is closed before the server starts: its worker opens it again and is then the one that writes.
    """
    from assessor.usecases.opening import WorkshopRequest

    network = _own_address(address)
    request = WorkshopRequest(
        name=name,
        library=library or program.library,
        collaborations=wished,
        all_collaborations=whole,
        at_least=at_least,
        days=days,
        names_bank=program.names_bank,
    )
    led = _open_requested(program, request)
    _serve_room(program, led, network, port, contact, is_wished=address is not None, with_browser=not no_browser)
    _say_how_to_resume(program, led.workshop.name)


def _serve_room(
    program: Program,
    led: LedWorkshop,
    network: tuple[str, tuple[str, ...]],
    port: int | None,
    contact: str,
    *,
    is_wished: bool,
    with_browser: bool,
) -> None:
    """Serve until Ctrl-C; the addresses are said when the server answers, since the one that leads works once."""
    from assessor.web.http.addresses import AddressWatch
    from assessor.web.http.listening import listen, listen_beside
    from assessor.web.http.room_listener import room_deployment
    from assessor.web.own_browser import open_beside
    from assessor.web.server import serve_workshops, workshop_services

    here, others = network
    listening = listen(port, here)
    deployment = room_deployment((here, *others), listening.getsockname()[1])
    base, secret = deployment.base_url, led.secret
    # Her own browser comes by an address that this machine keeps whatever becomes of its network.
    on_loopback, elsewhere = listen_beside(listening), listen_beside(listening, *others)
    own = f"http://127.0.0.1:{deployment.port}" if on_loopback else base

    def announce() -> None:
        say_addresses(led.workshop, base, secret, others, here, wished=is_wished)
        if with_browser:
            open_beside(f"{own}/lead/{secret}")

    make_services = partial(
        workshop_services,
        program.store_path,
        deployment,
        bank=led.bank,
        language=program.lang,
        contact=contact,
        address_watch=AddressWatch(here, _say_address_change, may_move=not is_wished),
        notices=store_notices(program),
    )
    serve_workshops(make_services, [[listening, *on_loopback, *elsewhere]], announce)


def _say_address_change(watch: AddressWatch) -> None:
    """Say that phones cannot reach this machine any more, or that they can again."""
    say(watch.warning(_) or _("Phones can reach the workshop at {address} again").format(address=watch.address))


def _say_how_to_resume(program: Program, name: str) -> None:
    """Say that nothing is lost by Ctrl-C, and the command that goes on."""
    say("")
    say(_("Everything reported as saved is safe."))
    spoken = f" --lang {program.asked_lang}" if program.asked_lang else ""
    say(_("To continue: {command}").format(command=f"{program.command}{spoken} workshop {escape_controls(name)!r}"))


def _open_requested(program: Program, request: WorkshopRequest) -> LedWorkshop:
    """Open or resume the workshop; says what can no longer be changed."""
    from assessor.usecases.opening import open_or_resume

    with program.open_store() as store:
        if request.library is None and not store.libraries():
            request = replace(request, library=_first_library(no_input=program.no_input))
        led = open_or_resume(store, program.bank, request, program.command)
    say_if_bank_changed(led)
    if led.resumed and (request.at_least or request.days):
        say(
            _(
                "What was promised when the workshop was opened still applies: --at-least and "
                "--days make no difference now"
            )
        )
    return led


def _first_library(*, no_input: bool) -> str:
    """The library of a machine on which nothing is kept yet: asked for at a terminal, else one without a name."""
    usual = _("Our library")
    return (
        str(click.prompt(_("What is the library called?"), default=usual, err=True))
        if sys.stdin.isatty() and not no_input
        else usual
    )


def say_if_bank_changed(led: LedWorkshop) -> None:
    """Say that the workshop goes on with the questions it began with, where their files say otherwise by now."""
    if led.has_bank_changed:
        text = _("{name} goes on with the questions it began with; what was changed in {folder} since is not used here")
        folder = escape_controls(led.workshop.bank["folder"])
        say(text.format(name=escape_controls(led.workshop.name), folder=folder))


def _own_address(wished: str | None) -> tuple[str, tuple[str, ...]]:
    """The address to be reached at, and this machine's others; raises `NotOurAddress`.

    The loopback address where there is no network: then only this machine can open the pages, which `say_addresses`
    says. No others are given for an address that the person chose.
    """
    from assessor.web.http import addresses

    if wished is not None:
        known = (*addresses.every_address(), "127.0.0.1")
        chosen = wished.strip("[]").lower()
        if chosen not in known:
            raise NotOurAddress(address=escape_controls(wished), known=", ".join(known))
        return chosen, ()
    own = addresses.local_addresses()
    return (own[0], own[1:]) if own else ("127.0.0.1", ())


def _bank_of(program: Program, store: Store, chosen: Workshop) -> Bank:
    """The bank that a workshop began with."""
    from assessor.usecases.workshop_banks import bank_of_workshop

    return bank_of_workshop(store, chosen, lambda: program.bank)


def _make_workshops(program: Program, store: Store) -> Workshops:
    """What finds and reads workshops; its module is imported only here."""
    from assessor.usecases.workshops import Workshops

    return Workshops(store, program.bank)


def _make_facilitation(program: Program, store: Store, chosen: Workshop) -> Facilitation:
    """What changes a workshop; its module is imported only here."""
    from assessor.usecases.facilitating import Facilitation

    return Facilitation(store, _bank_of(program, store, chosen))


def say_addresses(opened: Workshop, base: str, secret: str, others: Sequence[str], here: str, *, wished: bool) -> None:
    """Say where phones join, with a code to scan, and where the workshop is led."""
    from assessor import qr_codes

    joining = f"{base}/j/{opened.code}"
    say(qr_codes.terminal_text(joining))
    say(
        _("Scan this with your phone, or open {address} and type the code {code}").format(
            address=base, code=opened.code
        )
    )
    if here == "127.0.0.1" and wished:
        say(_("At this address only this machine can open it; without --address phones in the room can"))
    elif here == "127.0.0.1":
        say(_("No network was found, so only this machine can open it; join the room's network and start again"))
    elif others:
        say(
            _("This machine has other addresses too: {others}; if phones cannot reach it, try --address").format(
                others=", ".join(others)
            )
        )
    # On a line of its own, where 80 columns do not break it and it can be clicked.
    say(_("You lead here (the address works once): {address}").format(address=f"\n{base}/lead/{secret}"))
    say(_("Anyone on this network could listen in: the pages are sent without encryption"))
    say(_("Press Ctrl-C to stop; everything is kept, and the same command continues"))


@group.command("workshops", help=N_("List your workshops and how far they have come."))
@option("--json", "as_json", is_flag=True, help=N_("One JSON object per line."))
@click.pass_obj
def list_workshops(program: Program, as_json: bool) -> None:
    """Print the workshops in the order they were opened, with how many joined on the library's side."""
    with program.open_store(write=False) as store:
        workshops = _make_workshops(program, store)
        listed = [
            (entry, sum(who.side == "us" for who in workshops.progress(entry.id).respondents))
            for entry in workshops.list_all()
        ]
    for entry, joined in listed:
        if as_json:
            echo_json(_workshop_json(entry, joined))
            continue
        state = _("over since {day}").format(day=local_day(entry.closed).isoformat()) if entry.closed else _("going on")
        click.echo(
            f"{escape_controls(entry.name)}  ({escape_controls(entry.library)}): {state}, "
            + _("joined: {count}").format(count=joined)
        )


def _workshop_json(entry: Workshop, joined: int) -> dict[str, Any]:
    """A workshop as `workshops --json` prints it, times in ISO 8601; no secret and nothing that was answered."""
    return {
        "name": entry.name,
        "library": entry.library,
        "code": entry.code,
        "opened": entry.opened.isoformat(),
        "closed": entry.closed.isoformat() if entry.closed else None,
        "joined": joined,
        "days": entry.days,
        "at_least": entry.at_least,
    }


@workshop.command(help=N_("Close the workshop: nobody can answer any more, and its report can be made."))
@click.argument("name")
@option("--yes", is_flag=True, help=N_("Do not ask for confirmation."))
@click.pass_obj
def close(program: Program, name: str, yes: bool) -> None:
    """Close the workshop after a yes; one that is closed already stays as it is."""
    from assessor.usecases.assessments import new_key

    with program.open_store() as store:
        chosen = _make_workshops(program, store).get_by_name(name)
        if not chosen.closed:
            confirm(program, yes, _("Close {name} for good?").format(name=repr(escape_controls(name))))
            _make_facilitation(program, store, chosen).close(chosen.id, new_key())
    say(
        _("{name} is over; its report: {command}").format(
            name=escape_controls(name), command=f"{program.command} workshop report {escape_controls(name)!r}"
        )
    )


@workshop.command(help=N_("The report of a workshop that is over, or its data."))
@click.argument("name")
@option("--format", "form", type=click.Choice(("pdf", "json")), help=N_(FORMAT_HELP))
@option("--raw", is_flag=True, help=N_("Include each person's own answers in the data, which may show who is who."))
@output_options
@click.pass_obj
def report(program: Program, name: str, form: str | None, raw: bool, output: str | None, overwrite: bool) -> None:
    """Write the report or the data of a workshop that is closed; raises `WorkshopStillOpen`."""
    from assessor.usecases.document_names import document_name, document_word
    from assessor.usecases.reporting import report_date
    from assessor.usecases.workshop_reporting import workshop_json, workshop_report

    form = chosen_format(output, form, "pdf", "json")
    with program.open_store(write=False) as store:
        chosen = _make_workshops(program, store).get_by_name(name)
        if form == "json":
            data = workshop_json(store, chosen.id, _bank_of(program, store, chosen), raw=raw)
        else:
            content = workshop_report(store, chosen.id, _bank_of(program, store, chosen), program.lang)
            data = _workshop_pdf(content)
    word = document_word("report" if form == "pdf" else "answers", program.lang)
    file_name = document_name(word, report_date(), chosen.library, chosen.name)
    report_written(write_output(data, output, file_name, form, overwrite))


def _workshop_pdf(content: Any) -> bytes:
    from assessor.report.pdf.layout import document_pdf
    from assessor.report.workshop.document import workshop_document

    return document_pdf(workshop_document(content))


@workshop.command(help=N_("Remove a workshop and everything answered in it, without a trace; collaborations stay."))
@click.argument("name")
@option("--yes", is_flag=True, help=N_("Do not ask for confirmation."))
@click.pass_obj
def erase(program: Program, name: str, yes: bool) -> None:
    """Erase the workshop after a yes; `expire` erases less, and what was agreed on stays there."""
    with program.open_store() as store:
        chosen = _make_workshops(program, store).get_named(name)
        confirm_erasure(program, yes, chosen.name, store.assessments_in_workshop(chosen.id))
        erasure = _make_facilitation(program, store, chosen).erase(chosen.id)
    say_erased(name, erasure)


@workshop.command(help=N_("Erase answers from workshops whose days are over; what was agreed on stays."))
@option("--yes", is_flag=True, help=N_("Do not ask for confirmation."))
@click.pass_obj
def expire(program: Program, yes: bool) -> None:
    """Erase the raw responses that are past their days, whatever the clock says: a person has decided."""
    with program.open_store(expire=False) as store:
        retention = store.retention
        due = retention.due_for_erasure()
        if not due:
            say(_("Nothing needs to be erased yet"))
            return
        names = format_names([each.name for each in due])
        confirm(program, yes, _("Erase everybody's answers in {names}?").format(names=names))
        erasure = retention.expire(due)
    say(_("Erased: {what} (assessments: {count})").format(what=names, count=erasure.count))
    say_remaining_copies(erasure)
