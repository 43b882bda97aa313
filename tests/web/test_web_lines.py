"""The lines that bytes come on: how soon a page is there, and what is refused because it can be read in two ways."""

import socket
from statistics import median
from time import perf_counter

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
