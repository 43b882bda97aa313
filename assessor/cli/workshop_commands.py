"""Workshops: opened and led from this machine, listed, closed, reported, erased."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from assessor.cli.assess_commands import called
from assessor.cli.context import Group, Program, _, confirm, group, names_told, note, told
from assessor.cli.output import put, tell, to_a_file
from assessor.errors import N_, AssessorError
from assessor.safe_text import safe

if TYPE_CHECKING:
    from assessor.core.workshop import Workshop
    from assessor.store import Erased, Store
    from assessor.usecases.workshops import Workshops


class WhoseWorkshop(AssessorError):
    """A new workshop in a store without a library."""

    template = N_("Say whose workshop it is: {command} workshop {name!r} --library NAME")
    exit_code = 2


class IsOver(AssessorError):
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


class NamedFirst(Group):
    """A group whose usual command may be left out: what is no command is its argument."""

    usual = "lead"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What comes first is a command, help, or belongs to the usual command."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [self.usual, *args]
        return super().parse_args(ctx, args)


@group.group(
    "workshop",
    cls=NamedFirst,
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
    from assessor.web.http.deployment import Reach, Setting
    from assessor.web.server import listen, rooms, serve_rooms

    here, others = _address(address)
    with program.store() as store:
        _expired(program, store)
        found, secret = _opened(program, store, name, library, wished, whole, at_least, days)
    listening = listen(port, here)
    number = listening.getsockname()[1]
    base = f"http://{here}:{number}"
    setting = Setting(reach=Reach.ROOM, hosts=frozenset({here}), base=base, port=number)

    def begun() -> None:
        _tell_where(found, base, secret, others, here, wished=address is not None)
        if not no_browser:
            import webbrowser

            webbrowser.open(f"{base}/lead/{secret}")

    house = partial(rooms, program.store_path, setting, bank_name=program.bank, language=program.lang, contact=contact)
    serve_rooms(house, listening, begun)
    note("")
    note(_("Everything that was said to be saved is kept."))
    note(_("Go on: {command}").format(command=f"{program.command} workshop {safe(found.name)!r}"))


def _address(wished: str | None) -> tuple[str, tuple[str, ...]]:
    """The address to be reached at, and the others that there are."""
    from assessor.web.http import addresses

    own = addresses.own()
    if wished is not None:
        if wished not in (*own, "127.0.0.1"):
            raise NotOurAddress(address=safe(wished), known=", ".join((*own, "127.0.0.1")))
        return wished, ()
    return (own[0], own[1:]) if own else ("127.0.0.1", ())


def _opened(
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
    from assessor.core.workshop import AT_LEAST, DAYS
    from assessor.usecases.assessments import new_key

    shops = _workshops(program, store)
    before = _called(shops, name)
    if before and before.closed:
        raise IsOver(name=safe(name), command=program.command)
    of = before.library if before else _whose(program, store, name, library)
    listed = _wished(program, store, of, wished, whole)
    if before is None:
        return shops.open(of, name, listed, at_least=at_least or AT_LEAST, days=days or DAYS)
    for each in listed:
        if each not in before.listed:
            shops.do(before.id, "listed", each, key=new_key())
    if at_least or days:
        note(_("What was promised when the workshop was opened stands: --at-least and --days change nothing now"))
    return shops.get(before.id), shops.new_secret(before.id)


def _workshops(program: Program, store: Store) -> Workshops:
    from assessor.usecases.workshops import Workshops

    return Workshops(store, program.bank)


def _called(shops: Workshops, name: str) -> Workshop | None:
    return next((each for each in reversed(shops.all()) if each.name == name), None)


def _whose(program: Program, store: Store, name: str, library: str | None) -> str:
    wished, libraries = library or program.library, store.libraries()
    if wished:
        return store.add_library(wished)
    if not libraries:
        raise WhoseWorkshop(name=safe(name), command=program.command)
    return program.library_in(store)


def _wished(program: Program, store: Store, library: str, names: Sequence[str], whole: bool) -> list[str]:
    """The ids of the collaborations that everybody is to see; one that nobody knows yet is begun by its name."""
    from assessor.usecases.assessments import Assessments

    if not names and not whole:
        return []
    listed = Assessments(store, library, program.bank).listed()
    if whole:
        return [each.collaboration.id for each in listed]
    return [called(listed, each).collaboration.id for each in names]


def _tell_where(found: Workshop, base: str, secret: str, others: Sequence[str], here: str, *, wished: bool) -> None:
    from assessor import qr_codes

    joining = f"{base}/j/{found.code}"
    note(qr_codes.in_terminal(joining))
    note(_("Phones scan this, or open {address} and type the code {code}").format(address=base, code=found.code))
    if here == "127.0.0.1" and wished:
        note(_("At this address only this machine can open it; without --address phones in the room can"))
    elif here == "127.0.0.1":
        note(_("No network was found, so only this machine can open it; join the room's network and start anew"))
    elif others:
        note(
            _("This machine has other addresses too: {others}; if phones do not find it, try --address").format(
                others=", ".join(others)
            )
        )
    note(_("You lead here (the address works once): {address}").format(address=f"{base}/lead/{secret}"))
    note(_("On this network anybody near could listen in: the pages cross it without encryption"))
    note(_("Ctrl-C ends; everything is kept, and the same command goes on"))


@group.command("workshops", help=_("Your workshops and how far they are."))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@click.pass_obj
def list_workshops(program: Program, as_json: bool) -> None:
    with program.store(write=False) as store:
        shops = _workshops(program, store)
        found = [(each, sum(who.side == "us" for who in shops.room(each.id).respondents)) for each in shops.all()]
    for each, joined in found:
        if as_json:
            told(_as_json(each, joined))
            continue
        state = _("over since {day}").format(day=each.closed.date().isoformat()) if each.closed else _("going on")
        click.echo(f"{safe(each.name)}  ({safe(each.library)}): {state}, " + _("joined: {count}").format(count=joined))


def _as_json(each: Workshop, joined: int) -> dict[str, Any]:
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


def _meant(program: Program, store: Store, name: str) -> Workshop:
    shops = _workshops(program, store)
    found = _called(shops, name)
    if found is None:
        raise NoSuchWorkshop(name=safe(name), known=names_told([each.name for each in shops.all()]))
    return found


@workshop.command(help=_("End it: nobody answers any more, and its report can be made."))
@click.argument("name")
@click.option("--yes", is_flag=True, help=_("Without asking."))
@click.pass_obj
def close(program: Program, name: str, yes: bool) -> None:
    from assessor.usecases.assessments import new_key

    with program.store() as store:
        found = _meant(program, store, name)
        if not found.closed:
            confirm(program, yes, _("Close {name} for good?").format(name=repr(safe(name))))
            _workshops(program, store).close(found.id, new_key())
    note(
        _("{name} is over; its report: {command}").format(
            name=safe(name), command=f"{program.command} workshop report {safe(name)!r}"
        )
    )


@workshop.command(help=_("The report of a workshop that is over, or its data."))
@click.argument("name")
@click.option("--format", "form", type=click.Choice(("pdf", "json")), default="pdf", show_default=True)
@click.option("--raw", is_flag=True, help=_("In the data, also what each gave, which tells people apart."))
@to_a_file
@click.pass_obj
def report(program: Program, name: str, form: str, raw: bool, output: str | None, overwrite: bool) -> None:
    from assessor.usecases.workshop_reporting import workshop_json, workshop_report

    with program.store(write=False) as store:
        found = _meant(program, store, name)
        if form == "json":
            data = workshop_json(store, found.id, program.bank, raw=raw)
        else:
            data = _printed(workshop_report(store, found.id, program.bank, program.lang))
    tell(put(data, output, f"{found.library} {found.name}", form, overwrite))


def _printed(content: Any) -> bytes:
    from assessor.report.pdf.layout import document_pdf
    from assessor.report.workshop.document import workshop_document

    return document_pdf(workshop_document(content))


@workshop.command(help=_("Remove a workshop and everything answered in it, without a trace; collaborations stay."))
@click.argument("name")
@click.option("--yes", is_flag=True, help=_("Without asking."))
@click.pass_obj
def erase(program: Program, name: str, yes: bool) -> None:
    with program.store() as store:
        found = _meant(program, store, name)
        confirm(program, yes, _("Erase {what} for good? It cannot be undone.").format(what=repr(safe(name))))
        gone = _workshops(program, store).erase(found.id)
    note(_("Erased: {what} (assessments: {count})").format(what=repr(safe(name)), count=gone.count))
    _still_in_backups(gone)


@workshop.command(help=_("Erase the answers of workshops that are past their days; what was agreed on stays."))
@click.option("--yes", is_flag=True, help=_("Without asking."))
@click.pass_obj
def expire(program: Program, yes: bool) -> None:
    with program.store() as store:
        shops = _workshops(program, store)
        due = shops.due()
        if not due:
            note(_("Nothing is due"))
            return
        names = names_told([each.name for each in due])
        confirm(program, yes, _("Erase everybody's answers in {names}?").format(names=names))
        gone = [shops.expire(each.id) for each in due]
    note(_("Erased: {what} (assessments: {count})").format(what=names, count=sum(each.count for each in gone)))
    for each in gone:
        _still_in_backups(each)


def _still_in_backups(gone: Erased) -> None:
    for copy in gone.backups:
        note(_("A backup still holds it: {name}").format(name=safe(str(copy.path))))


def _expired(program: Program, store: Store) -> None:
    """What is past its days goes by itself, unless the clock may have jumped: then a person decides."""
    shops = _workshops(program, store)
    due = shops.due()
    if not due:
        return
    names = names_told([each.name for each in due])
    if not shops.clock_is_sure():
        note(
            _("This machine's clock may be wrong, so nothing was erased in {names}; if it is right: {command}").format(
                names=names, command=f"{program.command} workshop expire"
            )
        )
        return
    for each in due:
        _still_in_backups(shops.expire(each.id))
    note(_("The days of these workshops are over, and everybody's answers were erased: {names}").format(names=names))
