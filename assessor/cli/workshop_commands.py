"""Workshops: opened and led from this machine, listed, closed, reported, erased."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from assessor.cli.assess_commands import find_listed
from assessor.cli.context import CommandGroup, Program, _, confirm, echo_json, format_names, group, say
from assessor.cli.output import output_options, report_written, write_output
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls

if TYPE_CHECKING:
    from assessor.core.workshop import Workshop
    from assessor.store import Erasure, Store
    from assessor.usecases.workshops import Workshops


class WorkshopNeedsLibrary(AssessorError):
    """A new workshop in a store without a library."""

    template = N_("Say whose workshop it is: {command} workshop {name!r} --library NAME")
    exit_code = 2


class WorkshopAlreadyClosed(AssessorError):
    """A workshop that was closed, to be led on."""

    template = N_("{name} is over; give the new workshop another name, or make its report: {command} workshop report")
    exit_code = 2


class NoSuchWorkshop(AssessorError):
    """A name that no workshop has."""

    template = N_("No workshop is called {name!r} here; there is: {known}")
    exit_code = 2


class NotOurAddress(AssessorError):
    """An address that this machine does not have."""

    template = N_("This machine cannot be reached at {address}; give --address one of: {known}")
    exit_code = 2


class DefaultCommandGroup(CommandGroup):
    """A group whose usual command may be left out: what is no command is its argument."""

    default_command = "lead"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What comes first is a command, help, or belongs to the usual command."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [self.default_command, *args]
        return super().parse_args(ctx, args)


@group.group(
    "workshop",
    cls=DefaultCommandGroup,
    help=_(
        "A room of people answers on their phones, and you lead: assessor workshop NAME opens it or goes on with it."
    ),
)
def workshop() -> None:
    pass


@workshop.command(help=_("Open the workshop of this name, or go on with it; may be left out."))
@click.argument("name")
@click.option("--library", help=_("Whose workshop it is; a new name begins a library."))
@click.option(
    "--collaboration",
    "wished",
    multiple=True,
    help=_("A collaboration to talk about; may be repeated. A part is enough."),
)
@click.option("--all", "whole", is_flag=True, help=_("All collaborations of the library."))
@click.option(
    "--at-least", type=click.IntRange(3, 1000), help=_("Answers of fewer are never shown together (otherwise 5).")
)
@click.option("--days", type=click.IntRange(1, 3650), help=_("Days after which answers are erased (otherwise 90)."))
@click.option("--address", help=_("This machine's address on the room's network, where it has several."))
@click.option("--port", type=click.IntRange(1, 65535), help=_("The port to listen on."))
@click.option("--contact", default="", help=_("Whom to tell of barriers, for the accessibility statement."))
@click.option("--no-browser", is_flag=True, help=_("Only tell the address."))
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
    from assessor.web.http.deployment import Audience, Deployment
    from assessor.web.server import listen, serve_workshops, workshop_services

    here, others = _own_address(address)
    with program.open_store() as store:
        _expire_due(program, store)
        found, secret = _open_or_resume(program, store, name, library, wished, whole, at_least, days)
    listening = listen(port, here)
    number = listening.getsockname()[1]
    base = f"http://{here}:{number}"
    setting = Deployment(audience=Audience.LOCAL_NETWORK, host_names=frozenset({here}), base_url=base, port=number)

    def begun() -> None:
        _say_addresses(found, base, secret, others, here, wished=address is not None)
        if not no_browser:
            import webbrowser

            webbrowser.open(f"{base}/lead/{secret}")

    house = partial(
        workshop_services, program.store_path, setting, bank=program.bank, language=program.lang, contact=contact
    )
    serve_workshops(house, listening, begun)
    say("")
    say(_("Everything that was said to be saved is kept."))
    say(_("Go on: {command}").format(command=f"{program.command} workshop {escape_controls(found.name)!r}"))


def _own_address(wished: str | None) -> tuple[str, tuple[str, ...]]:
    """The address to be reached at, and the others that there are."""
    from assessor.web.http import addresses

    own = addresses.local_addresses()
    if wished is not None:
        if wished not in (*own, "127.0.0.1"):
            raise NotOurAddress(address=escape_controls(wished), known=", ".join((*own, "127.0.0.1")))
        return wished, ()
    return (own[0], own[1:]) if own else ("127.0.0.1", ())


def _open_or_resume(
    program: Program,
    store: Store,
    name: str,
    library: str | None,
    wished: tuple[str, ...],
    whole: bool,
    at_least: int | None,
    days: int | None,
) -> tuple[Workshop, str]:
    """The workshop of this name, opened where there is none, and a new secret for who leads it."""
    from assessor.core.workshop import DEFAULT_MIN_RATERS, DEFAULT_RETENTION_DAYS
    from assessor.usecases.assessments import new_key

    shops = _make_workshops(program, store)
    before = _find_workshop(shops, name)
    if before and before.closed:
        raise WorkshopAlreadyClosed(name=escape_controls(name), command=program.command)
    of = before.library if before else _library_for(program, store, name, library)
    listed = _wished_ids(program, store, of, wished, whole)
    if before is None:
        return shops.open(
            of, name, listed, at_least=at_least or DEFAULT_MIN_RATERS, days=days or DEFAULT_RETENTION_DAYS
        )
    for each in listed:
        if each not in before.listed:
            shops.record_act(before.id, "listed", each, key=new_key())
    if at_least or days:
        say(_("What was promised when the workshop was opened stands: --at-least and --days change nothing now"))
    return shops.get(before.id), shops.renew_secret(before.id)


def _make_workshops(program: Program, store: Store) -> Workshops:
    from assessor.usecases.workshops import Workshops

    return Workshops(store, program.bank)


def _find_workshop(shops: Workshops, name: str) -> Workshop | None:
    return next((each for each in reversed(shops.list_all()) if each.name == name), None)


def _library_for(program: Program, store: Store, name: str, library: str | None) -> str:
    wished, libraries = library or program.library, store.libraries()
    if wished:
        return store.add_library(wished)
    if not libraries:
        raise WorkshopNeedsLibrary(name=escape_controls(name), command=program.command)
    return program.library_in(store)


def _wished_ids(program: Program, store: Store, library: str, names: Sequence[str], whole: bool) -> list[str]:
    """The ids of the collaborations that everybody is to see; one that nobody knows yet is begun by its name."""
    from assessor.usecases.assessments import Assessments

    if not names and not whole:
        return []
    listed = Assessments(store, library, program.bank).list_collaborations()
    if whole:
        return [each.collaboration.id for each in listed]
    return [find_listed(listed, each).collaboration.id for each in names]


def _say_addresses(found: Workshop, base: str, secret: str, others: Sequence[str], here: str, *, wished: bool) -> None:
    from assessor import qr_codes

    joining = f"{base}/j/{found.code}"
    say(qr_codes.terminal_text(joining))
    say(_("Phones scan this, or open {address} and type the code {code}").format(address=base, code=found.code))
    if here == "127.0.0.1" and wished:
        say(_("At this address only this machine can open it; without --address phones in the room can"))
    elif here == "127.0.0.1":
        say(_("No network was found, so only this machine can open it; join the room's network and start anew"))
    elif others:
        say(
            _("This machine has other addresses too: {others}; if phones do not find it, try --address").format(
                others=", ".join(others)
            )
        )
    say(_("You lead here (the address works once): {address}").format(address=f"{base}/lead/{secret}"))
    say(_("On this network anybody near could listen in: the pages cross it without encryption"))
    say(_("Ctrl-C ends; everything is kept, and the same command goes on"))


@group.command("workshops", help=_("Your workshops and how far they are."))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@click.pass_obj
def list_workshops(program: Program, as_json: bool) -> None:
    with program.open_store(write=False) as store:
        shops = _make_workshops(program, store)
        found = [
            (each, sum(who.side == "us" for who in shops.progress(each.id).respondents)) for each in shops.list_all()
        ]
    for each, joined in found:
        if as_json:
            echo_json(_workshop_json(each, joined))
            continue
        state = _("over since {day}").format(day=each.closed.date().isoformat()) if each.closed else _("going on")
        click.echo(
            f"{escape_controls(each.name)}  ({escape_controls(each.library)}): {state}, "
            + _("joined: {count}").format(count=joined)
        )


def _workshop_json(each: Workshop, joined: int) -> dict[str, Any]:
    return {
        "name": each.name,
        "library": each.library,
        "code": each.code,
        "opened": each.opened.isoformat(),
        "closed": each.closed.isoformat() if each.closed else None,
        "joined": joined,
        "days": each.days,
        "at_least": each.at_least,
    }


def _require_workshop(program: Program, store: Store, name: str) -> Workshop:
    shops = _make_workshops(program, store)
    found = _find_workshop(shops, name)
    if found is None:
        raise NoSuchWorkshop(name=escape_controls(name), known=format_names([each.name for each in shops.list_all()]))
    return found


@workshop.command(help=_("End it: nobody answers any more, and its report can be made."))
@click.argument("name")
@click.option("--yes", is_flag=True, help=_("Without asking."))
@click.pass_obj
def close(program: Program, name: str, yes: bool) -> None:
    from assessor.usecases.assessments import new_key

    with program.open_store() as store:
        found = _require_workshop(program, store, name)
        if not found.closed:
            confirm(program, yes, _("Close {name} for good?").format(name=repr(escape_controls(name))))
            _make_workshops(program, store).close(found.id, new_key())
    say(
        _("{name} is over; its report: {command}").format(
            name=escape_controls(name), command=f"{program.command} workshop report {escape_controls(name)!r}"
        )
    )


@workshop.command(help=_("The report of a workshop that is over, or its data."))
@click.argument("name")
@click.option("--format", "form", type=click.Choice(("pdf", "json")), default="pdf", show_default=True)
@click.option("--raw", is_flag=True, help=_("In the data, also what each gave, which tells people apart."))
@output_options
@click.pass_obj
def report(program: Program, name: str, form: str, raw: bool, output: str | None, overwrite: bool) -> None:
    from assessor.usecases.workshop_reporting import workshop_json, workshop_report

    with program.open_store(write=False) as store:
        found = _require_workshop(program, store, name)
        if form == "json":
            data = workshop_json(store, found.id, program.bank, raw=raw)
        else:
            data = _workshop_pdf(workshop_report(store, found.id, program.bank, program.lang))
    report_written(write_output(data, output, f"{found.library} {found.name}", form, overwrite))


def _workshop_pdf(content: Any) -> bytes:
    from assessor.report.pdf.layout import document_pdf
    from assessor.report.workshop.document import workshop_document

    return document_pdf(workshop_document(content))


@workshop.command(help=_("Remove a workshop and everything answered in it, without a trace; collaborations stay."))
@click.argument("name")
@click.option("--yes", is_flag=True, help=_("Without asking."))
@click.pass_obj
def erase(program: Program, name: str, yes: bool) -> None:
    with program.open_store() as store:
        found = _require_workshop(program, store, name)
        confirm(program, yes, _("Erase {what} for good? It cannot be undone.").format(what=repr(escape_controls(name))))
        gone = _make_workshops(program, store).erase(found.id)
    say(_("Erased: {what} (assessments: {count})").format(what=repr(escape_controls(name)), count=gone.count))
    _say_backups(gone)


@workshop.command(help=_("Erase the answers of workshops that are past their days; what was agreed on stays."))
@click.option("--yes", is_flag=True, help=_("Without asking."))
@click.pass_obj
def expire(program: Program, yes: bool) -> None:
    with program.open_store() as store:
        shops = _make_workshops(program, store)
        due = shops.due_for_erasure()
        if not due:
            say(_("Nothing is due"))
            return
        names = format_names([each.name for each in due])
        confirm(program, yes, _("Erase everybody's answers in {names}?").format(names=names))
        gone = [shops.expire(each.id) for each in due]
    say(_("Erased: {what} (assessments: {count})").format(what=names, count=sum(each.count for each in gone)))
    for each in gone:
        _say_backups(each)


def _say_backups(gone: Erasure) -> None:
    for copy in gone.backups:
        say(_("A backup still holds it: {name}").format(name=escape_controls(str(copy.path))))


def _expire_due(program: Program, store: Store) -> None:
    """What is past its days goes by itself, unless the clock may have jumped: then a person decides."""
    shops = _make_workshops(program, store)
    due = shops.due_for_erasure()
    if not due:
        return
    names = format_names([each.name for each in due])
    if not shops.is_clock_plausible():
        say(
            _("This machine's clock may be wrong, so nothing was erased in {names}; if it is right: {command}").format(
                names=names, command=f"{program.command} workshop expire"
            )
        )
        return
    for each in due:
        _say_backups(shops.expire(each.id))
    say(_("The days of these workshops are over, and everybody's answers were erased: {names}").format(names=names))
