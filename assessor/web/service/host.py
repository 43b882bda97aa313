"""The host's page: libraries and their keys, and when somebody was last in each. No answers are shown here.

A key is shown once, right after it was given. Its page carries it along in a form, so that the same keys can be had as
a list, as a file for the host's own letters, and as a sheet to print; the store has digests only.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assessor import qr_codes
from assessor.errors import AssessorError
from assessor.exchange.library_tables import escape_text
from assessor.local_time import local_day
from assessor.presentation.alphabet import in_alphabetical_order
from assessor.usecases.library_access import GivenKey
from assessor.web.errors import ErasureNotConfirmed, NoKeysSent, WithdrawalNotConfirmed
from assessor.web.http.notices import Notice
from assessor.web.http.request_context import FileDownload, HandlerResult, HtmlPage, Redirect, RequestContext
from assessor.web.service.erasure_proof import proof_facts

#: What parts name and key in one line of the form that carries keys along.
_SEPARATOR: Final = "\t"
#: How many lines one field of it holds, so that none is too long to be sent.
_LINES_A_FIELD: Final = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyLetter:
    """A library and the address that opens it, with its code to scan."""

    library_name: str
    address: str
    code_wide: int
    code_path: str


def show_home(context: RequestContext) -> HandlerResult:
    """All libraries, and the field for new ones."""
    return _home_page(context)


def _home_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    libraries = in_alphabetical_order(context.keys.libraries(), context.messages.language, lambda each: each.name)
    facts = {
        **context.hidden_fields(),
        "libraries": libraries,
        "progress": context.nation.progress(),
        "typed": context.form.value("names"),
        "refused": context.refusal(error),
        "day": local_day,
        "expired": len(context.store.retention.due_for_erasure()),
    }
    title = context.say("Libraries")
    return HtmlPage(template="host", title=title, facts=facts, status=422 if error else 200)


def give_keys(context: RequestContext) -> HandlerResult:
    """A key for each library named, one a line."""
    try:
        given = context.keys.give_keys(context.form.value("names").splitlines())
    except AssessorError as error:
        return _home_page(context, error)
    return _keys_page(context, given)


def give_new_key(context: RequestContext) -> HandlerResult:
    """A new key for one library; one that waits opens nothing any more."""
    return _keys_page(context, [context.keys.give_key(context.path_params["library"])])


def _keys_page(context: RequestContext, given: Sequence[GivenKey]) -> HtmlPage:
    """The keys, once."""
    lines = [(each.library_name, f"{context.config.deployment.base_url}/key/{each.secret}") for each in given]
    facts = {
        **context.hidden_fields(),
        "keys": lines,
        "carried": ["\n".join(map(_SEPARATOR.join, part)) for part in _parts(lines)],
        "until": local_day(given[0].expires),
    }
    return HtmlPage(template="host_keys", title=context.say("New keys"), facts=facts)


def _parts(lines: Sequence[tuple[str, str]]) -> Iterator[Sequence[tuple[str, str]]]:
    for start in range(0, len(lines), _LINES_A_FIELD):
        yield lines[start : start + _LINES_A_FIELD]


def _keys_sent(context: RequestContext) -> list[tuple[str, str]]:
    """Library and address of each key that the page of new keys carried along; raises `NoKeysSent`."""
    start = f"{context.config.deployment.base_url}/key/"
    parts = (line.partition(_SEPARATOR) for line in "\n".join(context.form.values("carried")).splitlines())
    lines = [(name, address) for name, _tab, address in parts if address.startswith(start)]
    if not lines:
        raise NoKeysSent()
    return lines


def download_keys(context: RequestContext) -> HandlerResult:
    """The keys as CSV, for letters that the host makes itself."""
    written = io.StringIO()
    rows: Iterable[tuple[str, str]] = [(context.say("Library"), context.say("Address")), *_keys_sent(context)]
    csv.writer(written, lineterminator="\r\n").writerows(map(escape_text, row) for row in rows)
    return FileDownload(written.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", "assessor.csv")


def show_letters(context: RequestContext) -> HandlerResult:
    """The keys as letters to print, one a page."""
    letters = [_letter(name, address) for name, address in _keys_sent(context)]
    facts = {"letters": letters, "run_by": context.config.run_by, "contact": context.config.contact}
    return HtmlPage(template="host_letters", title=context.say("Letters to print"), facts=facts)


def _letter(name: str, address: str) -> KeyLetter:
    wide, path = qr_codes.svg_path(address)
    return KeyLetter(library_name=name, address=address, code_wide=wide, code_path=path)


def show_withdraw(context: RequestContext) -> HandlerResult:
    """Ask whether nobody is to enter a library any more."""
    return _withdraw_page(context)


def _withdraw_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    name = context.keys.library_name(context.path_params["library"])
    facts = {**context.hidden_fields(), "library": context.path_params["library"], "refused": context.refusal(error)}
    title = context.say("Withdraw all keys of {library}?", library=name)
    return HtmlPage(template="host_withdraw", title=title, facts=facts, status=422 if error else 200)


def withdraw(context: RequestContext) -> HandlerResult:
    """Let nobody into a library, by address or browser, until a new key is given. Needs the confirming tick."""
    if context.form.value("sure") != "yes":
        return _withdraw_page(context, WithdrawalNotConfirmed())
    context.keys.withdraw_library(context.path_params["library"])
    return Redirect("/host", (Notice.KEYS_WITHDRAWN,))


def show_erase(context: RequestContext) -> HandlerResult:
    """Ask whether all of a library is to be erased."""
    return _erase_page(context)


def _erase_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    name = context.keys.library_name(context.path_params["library"])
    facts = {
        **context.hidden_fields(),
        "library": context.path_params["library"],
        "name": name,
        "refused": context.refusal(error),
    }
    title = context.say("Erase {name}?", name=name)
    return HtmlPage(template="host_erase", title=title, facts=facts, status=422 if error else 200)


def erase(context: RequestContext) -> HandlerResult:
    """Erase all of a library, and show the proof of it. Needs the confirming tick."""
    if context.form.value("sure") != "yes":
        return _erase_page(context, ErasureNotConfirmed())
    name = context.keys.library_name(context.path_params["library"])
    erasure = context.keys.erase_library(context.path_params["library"])
    facts = proof_facts(context, [name], erasure)
    return HtmlPage(template="erasure_proof", title=context.say("Erased"), facts=facts)


def show_expired(context: RequestContext) -> HandlerResult:
    """Ask whether to erase everybody's answers of workshops that are past their days."""
    return _expired_page(context)


def _expired_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    facts = {
        **context.hidden_fields(),
        "libraries": Counter(each.library for each in context.store.retention.due_for_erasure()),
        "refused": context.refusal(error),
    }
    title = context.say("What is past its days")
    return HtmlPage(template="host_expired", title=title, facts=facts, status=422 if error else 200)


def erase_expired(context: RequestContext) -> HandlerResult:
    """Erase them, whatever the clock says, and show the proof: a person has decided. Needs the confirming tick."""
    if context.form.value("sure") != "yes":
        return _expired_page(context, ErasureNotConfirmed())
    retention = context.store.retention
    due = retention.due_for_erasure()
    facts = proof_facts(context, sorted({each.library for each in due}), retention.expire(due))
    return HtmlPage(template="erasure_proof", title=context.say("Erased"), facts=facts)
