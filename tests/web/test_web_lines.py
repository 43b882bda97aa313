"""The lines that bytes come on: how soon a page is there, and what is refused because it can be read in two ways."""

import re
import socket
from collections.abc import Iterable
from select import select
from statistics import median
from time import perf_counter, sleep

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessor.web.http.request_heads import check_head
from assessor.web.http.written_paths import split_written_path

PAGE = b"GET /accessibility HTTP/1.1\r\nHost: localhost\r\n\r\n"


def _read_response(line: socket.socket) -> bytes:
    """One response with its whole body, by its length."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += line.recv(65_536)
    head, _, body = received.partition(b"\r\n\r\n")
    (length,) = (int(each[15:]) for each in head.lower().split(b"\r\n") if each.startswith(b"content-length:"))
    while len(body) < length:
        body += line.recv(65_536)
    return received


def _seconds_for_a_page(line: socket.socket) -> float:
    began = perf_counter()
    line.sendall(PAGE)
    _read_response(line)
    return perf_counter() - began


def test_a_page_on_a_kept_line_does_not_wait_for_the_acknowledgement_of_its_head(served):
    with socket.create_connection(("127.0.0.1", served.port)) as line:
        seconds = [_seconds_for_a_page(line) for _ in range(15)]

    assert median(seconds) < 0.03, f"{1000 * median(seconds):.1f} ms"


START = b"POST /new HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Type: text/plain\r\n"
GET = b"GET /accessibility HTTP/1.1\r\nHost: localhost\r\n"
#: What two programs on the way may take for different requests, by why.
TWO_READINGS = {
    "a length beside chunks": START + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks before a length": START + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "chunks": START + b"Transfer-Encoding: chunked\r\n\r\n5;" + b"x" * 8_000 + b"\r\nab=cd\r\n0\r\n\r\n",
    "chunks that are none": START + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "two lengths": START + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nab=cde",
    "one length twice": START + b"Content-Length: 5\r\ncontent-length: 5\r\n\r\nab=cd",
    "a list of lengths": START + b"Content-Length: 5, 5\r\n\r\nab=cd",
    "a length with a sign": START + b"Content-Length: +5\r\n\r\nab=cd",
    "a length with a space before its colon": START + b"Content-Length : 5\r\n\r\nab=cd",
    "a folded line": GET + b"Accept: a\r\n b\r\n\r\n",
    "a folded length": START + b"Content-Length:\r\n 5\r\n\r\nab=cd",
    "a folded first line": b"GET /accessibility HTTP/1.1\r\n Host: localhost\r\nHost: localhost\r\n\r\n",
    "lines that end in LF": GET.replace(b"\r\n", b"\n") + b"\n",
    "one line that ends in LF": GET + b"Accept: a\nContent-Length: 5\r\n\r\nab=cd",
    "a head that ends in LF": GET + b"\n",
    "a CR within a line": GET + b"Accept: a\rContent-Length: 5\r\n\r\n",
    "a line that ends in CR": GET + b"Accept: a\r\r\n\r\n",
    "a NUL": GET + b"Accept: a\0b\r\n\r\n",
    "no name": GET + b": a\r\n\r\n",
    "an empty line first": b"\r\n" + GET + b"\r\n",
}
#: More than a browser of ours sends, by a head of 62 kB.
LONG_HEADS = {
    "one long line": GET + b"Accept: " + b"a" * 62_000 + b"\r\n\r\n",
    "many lines": GET + b"Accept: a\r\n" * 5_600 + b"\r\n",
    "a long address": b"GET /" + b"a" * 62_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


def _read_to_the_end(line: socket.socket) -> bytes:
    return b"".join(iter(lambda: line.recv(65_536), b""))


def _all_answers(port: int, parts: Iterable[bytes]) -> tuple[list[bytes], bool]:
    """The statuses that came back, and whether the line was closed afterwards."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=3) as line:
        try:
            for part in parts:
                line.sendall(part)
            while more := line.recv(65_536):
                received += more
        except (BrokenPipeError, ConnectionResetError):
            pass
        except TimeoutError:
            return re.findall(rb"HTTP/1\.1 (\d+)", received), False
    return re.findall(rb"HTTP/1\.1 (\d+)", received), True


def test_what_can_be_read_in_two_ways_is_refused_and_the_line_is_closed_however_it_arrives(served):
    at_once, behind_another, in_pieces = (
        {why: _all_answers(served.port, cut(sent)) for why, sent in TWO_READINGS.items()}
        for cut in (
            lambda sent: [sent + PAGE],
            lambda sent: [PAGE + sent + PAGE],
            lambda sent: [sent[:60], sent[60:90], sent[90:] + PAGE],
        )
    )

    assert at_once == in_pieces == dict.fromkeys(TWO_READINGS, ([b"400"], True))
    assert behind_another == dict.fromkeys(TWO_READINGS, ([b"200", b"400"], True))


def test_a_client_that_still_sends_when_it_is_refused_reads_why(served):
    with socket.create_connection(("127.0.0.1", served.port), timeout=3) as line:
        line.sendall(b"GET /accessibility HTTP/1.1\r\n folded\r\n")
        select([line], [], [], 3)
        for _ in range(20):
            line.sendall(PAGE)
            sleep(0.005)

        assert _read_to_the_end(line).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("size", [62_500, 20_000, 300])
def test_a_long_head_is_refused_however_its_bytes_arrive(served, size):
    for sent in LONG_HEADS.values():
        statuses, closed = _all_answers(served.port, [sent[at : at + size] for at in range(0, len(sent), size)])

        assert (set(statuses) <= {b"400"}, closed) == (True, True)


FORM = START + b"Content-Length: 5\r\n\r\nab=cd"
THREE = PAGE + FORM + PAGE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


@given(cuts=st.lists(st.integers(1, len(THREE) - 1), max_size=8).map(sorted))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_three_requests_sent_at_once_are_answered_wherever_the_bytes_are_cut(served, cuts):
    parts = [THREE[at:end] for at, end in zip([0, *cuts], [*cuts, len(THREE)], strict=True)]

    assert _all_answers(served.port, parts) == ([b"200", b"415", b"200"], True)


@given(at=st.integers(0, len(THREE)))
def test_a_head_is_never_refused_for_having_come_in_part(at):
    check_head(FORM[:at])
    check_head(THREE[:at])


@pytest.mark.parametrize(
    ("written", "status"),
    [
        (b"//accessibility", b"200"),
        (b"http://localhost/accessibility/", b"200"),
        (b"HTTP://127.0.0.1/accessibility.", b"200"),
        (b"http://evil.example/accessibility", b"400"),
        (b"http://evil.example//accessibility", b"400"),
    ],
)
def test_an_address_with_its_host_is_read_and_the_host_has_to_be_ours(served, written, status):
    sent = b"GET " + written + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    assert _all_answers(served.port, [sent]) == ([status], True)


@pytest.mark.parametrize(
    ("written", "split"),
    [
        ("/", (None, "/")),
        ("//", (None, "/")),
        ("/j/ABC", (None, "/j/ABC")),
        ("/j/ABC/.", (None, "/j/ABC")),
        ("///evil.example/x", (None, "/evil.example/x")),
        ("http://localhost:8719", ("localhost:8719", "/")),
    ],
)
def test_a_written_address_is_split_into_host_and_path(written, split):
    assert split_written_path(written) == split
