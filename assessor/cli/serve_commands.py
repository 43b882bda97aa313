"""Workshops on a server of the library's, over HTTPS behind a proxy.

The proxy ends the encryption and says who asks; it is believed only where it is listed. Everything else about a
deployment (which host names, which cookies, which limits) follows from `web.http.deployment`. The room's own network,
without a proxy, is `workshop` in `workshop_commands`.
"""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from functools import partial
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from assessor.cli.context import Program, group, say, store_notices
from assessor.cli.translation import _, option
from assessor.cli.workshop_commands import say_if_bank_changed, workshop
from assessor.errors import N_, AssessorError
from assessor.platform_calls import can_fork
from assessor.safe_text import escape_controls

if TYPE_CHECKING:
    from assessor.usecases.opening import LedWorkshop
    from assessor.web.http.deployment import Deployment, IPNetwork


class NotHttps(AssessorError):
    """A base address that is no HTTPS address of a host."""

    template = N_("{given!r} is not an address that phones can open safely; give it as https://workshops.example.org")
    exit_code = 2


class NotAnIpAddress(AssessorError):
    """A proxy or a place to listen that is no IP address."""

    template = N_("{given!r} is not an IP address or network; give one such as 127.0.0.1 or 10.0.0.0/8")
    exit_code = 2


class NotATerminal(AssessorError):
    """A secret that was to be written where what is written may be kept."""

    template = N_("The host's address is shown at a terminal only; type this by hand, without a pipe or a file")
    exit_code = 2


class WorkersNeedServer(AssessorError):
    """Several processes over a store that one process writes.

    Checked before anything starts: the second process would otherwise find the file locked, and its phones would wait.
    """

    template = N_(
        "Several processes need a database that allows several writers; put --store "
        "postgresql://… before the command, or leave --workers out"
    )
    exit_code = 2


class WorkersNeedFork(AssessorError):
    """Several processes on a system that gives each server one, as Windows does."""

    template = N_("On this system one process answers; leave --workers out")
    exit_code = 2


@group.command(
    "serve", help=N_("Workshops for anyone with a code, over HTTPS behind a proxy on the library's own server.")
)
@option("--base-url", required=True, help=N_("The address that phones open, such as https://workshops.example.org."))
@option("--host", "names", multiple=True, help=N_("Another host name for the pages; may be repeated."))
@option(
    "--trusted-proxy",
    "proxies",
    multiple=True,
    default=("127.0.0.1", "::1"),
    show_default=True,
    help=N_("A proxy to trust when it says who is calling: an address or a network; may be repeated."),
)
@option("--bind", default="127.0.0.1", show_default=True, help=N_("The address to listen on."))
@option("--port", type=click.IntRange(1, 65535), default=8721, show_default=True, help=N_("The port to listen on."))
@option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help=N_("Number of processes that answer.")
)
@option("--open", "named", multiple=True, help=N_("A workshop to lead here; it is opened if it does not exist yet."))
@option("--all", "whole", is_flag=True, help=N_("All of the library's collaborations."))
@option("--contact", default="", help=N_("Whom to ask for a key, and tell of barriers: shown on the front page."))
@option("--run-by", default="", help=N_("Who runs the service, for the page on data protection."))
@option(
    "--copies-days",
    type=click.IntRange(0, 3650),
    help=N_("For how many days your copies of the database live; told wherever something is erased."),
)
@option(
    "--identity-header",
    default="",
    help=N_("The header in which a trusted proxy names the person that it has signed in; people then enter by it."),
)
@click.pass_obj
def serve(
    program: Program,
    base_url: str,
    names: tuple[str, ...],
    proxies: tuple[str, ...],
    bind: str,
    port: int,
    workers: int,
    named: tuple[str, ...],
    whole: bool,
    contact: str,
    run_by: str,
    copies_days: int | None,
    identity_header: str,
) -> None:
    """Serve until Ctrl-C; the options are checked and the port is taken before a workshop is opened.

    An address that leads a workshop is a secret: it is printed once the server answers, and at a terminal only. What a
    service prints is kept in a journal, so there the command is told that gives an address by hand.
    """
    _check_workers(program, workers)
    from assessor.web.http.listening import listening_sockets
    from assessor.web.server import serve_workshops, workshop_services

    deployment = replace(hosted_deployment(base_url, names, proxies), identity_header=identity_header)
    make_services = partial(
        workshop_services,
        program.store_path,
        deployment,
        bank=program.bank,
        language=program.lang,
        contact=contact,
        run_by=run_by,
        copies_days=copies_days,
        notices=store_notices(program),
    )
    with listening_sockets(port, _parse_address(bind), workers) as sockets:
        led = _open_workshops(program, named, all_collaborations=whole, new_secret=sys.stdout.isatty())

        def announce() -> None:
            _say_what_is_served(deployment.base_url, bind, port)
            for opened in led:
                _say_how_to_lead(program, opened, deployment.base_url)

        serve_workshops(make_services, [[listening] for listening in sockets], announce)


def _say_what_is_served(base_url: str, bind: str, port: int) -> None:
    template = _("Serving {base} on {bind}, port {port}; press Ctrl-C to stop.")
    say(template.format(base=base_url, bind=bind, port=port))


def _check_workers(program: Program, workers: int) -> None:
    """Raise `WorkersNeedServer` or `WorkersNeedFork` where so many processes cannot answer."""
    if workers > 1 and not _takes_several_writers(program.store_path):
        raise WorkersNeedServer()
    if workers > 1 and not can_fork():
        raise WorkersNeedFork()


def _takes_several_writers(store: object) -> bool:
    """Whether a store is a server's, by its address alone: a file takes one writing process.

    Nothing is opened for it, as the processes that serve open the store themselves.
    """
    return isinstance(store, str) and store.startswith(("postgresql://", "postgresql+"))


def hosted_deployment(base_url: str, names: tuple[str, ...], proxies: tuple[str, ...]) -> Deployment:
    """How a server behind a proxy is reached; raises `NotHttps` or `NotAnIpAddress`."""
    from assessor.web.http.deployment import Audience, Deployment

    parts = urlsplit(base_url.rstrip("/"))
    if parts.scheme != "https" or not parts.hostname or parts.path or parts.query or parts.username:
        raise NotHttps(given=escape_controls(base_url))
    hosts = frozenset(name.lower() for name in (parts.hostname, *names))
    return Deployment(
        audience=Audience.HOSTED,
        host_names=hosts,
        base_url=f"https://{parts.netloc}",
        trusted_proxies=tuple(map(_parse_network, proxies)),
    )


def _parse_network(text: str) -> IPNetwork:
    """The network, or the network of one address; raises `NotAnIpAddress`."""
    try:
        return ip_network(text, strict=False)
    except ValueError as problem:
        raise NotAnIpAddress(given=escape_controls(text)) from problem


def _parse_address(text: str) -> str:
    """The address in its usual spelling; raises `NotAnIpAddress`."""
    try:
        return str(ip_address(text))
    except ValueError as problem:
        raise NotAnIpAddress(given=escape_controls(text)) from problem


def _open_workshops(
    program: Program, names: tuple[str, ...], *, all_collaborations: bool, new_secret: bool
) -> list[LedWorkshop]:
    """Each workshop that is led here, opened where it is new.

    The store is closed again before the server opens it; a file takes one writer.
    """
    from assessor.usecases.opening import WorkshopRequest, open_or_resume

    if not names:
        return []
    requests = [
        WorkshopRequest(
            name=name, library=program.library, all_collaborations=all_collaborations, names_bank=program.names_bank
        )
        for name in names
    ]
    with program.open_store() as store:
        led = [
            open_or_resume(store, program.bank, request, program.command, new_secret=new_secret) for request in requests
        ]
    for each in led:
        say_if_bank_changed(each)
    return led


def _say_how_to_lead(program: Program, led: LedWorkshop, base_url: str) -> None:
    """The address that leads a workshop, at a terminal; elsewhere the command that gives one."""
    name = escape_controls(led.workshop.name)
    if sys.stdout.isatty():
        _show_leading_address(name, f"{base_url}/lead/{led.secret}")
        return
    command = f"{program.command} workshop address {shlex.quote(name)} --base-url {base_url}"
    say(
        _("What is shown here may be kept, so the address that leads {name} is not; for one, type: {command}").format(
            name=name, command=command
        )
    )


def _show_leading_address(name: str, address: str) -> None:
    say(_("The first person to open this address leads {name}:").format(name=name))
    click.echo(address)


@workshop.command(
    "address", help=N_("Show a new address that leads the workshop on a server; earlier ones stop working.")
)
@click.argument("name")
@option("--base-url", required=True, help=N_("The address that phones open, such as https://workshops.example.org."))
@click.pass_obj
def show_leading_address(program: Program, name: str, base_url: str) -> None:
    """Print an address that leads a workshop that is there and goes on; raises `NoSuchWorkshop` or what opening does.

    While a server has a file as its store, nobody else can write to it: the server is stopped first.
    """
    from assessor.usecases.opening import WorkshopRequest, open_or_resume
    from assessor.usecases.workshops import Workshops

    base = hosted_deployment(base_url, (), ()).base_url
    with program.open_store() as store:
        Workshops(store, program.bank).get_by_name(name)
        led = open_or_resume(store, program.bank, WorkshopRequest(name=name), program.command)
    _show_leading_address(escape_controls(name), f"{base}/lead/{led.secret}")


@group.command(
    "host-key",
    help=N_("Show the address that opens the page on which you give libraries their keys; it opens once."),
)
@option("--base-url", required=True, help=N_("The address that phones open, such as https://workshops.example.org."))
@click.pass_obj
def show_host_address(program: Program, base_url: str) -> None:
    """Print a new one-time address of the host's at a terminal; raises `NotATerminal` anywhere else.

    While a server has a file as its store, nobody else can write to it: the server is stopped first.
    """
    from assessor.usecases.library_access import Keys

    base = hosted_deployment(base_url, (), ()).base_url
    if not sys.stdout.isatty():
        raise NotATerminal()
    with program.open_store() as store:
        secret = Keys(store).new_host_link()
    say(_("The first browser to open this address is the host's; an earlier one that nobody opened stops working:"))
    click.echo(f"{base}/key/{secret}")
