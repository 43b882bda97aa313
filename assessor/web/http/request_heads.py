"""Refuses request heads that two programs on the way could read differently, and heads that are too long.

A proxy and this server must agree where each request ends; where they do not, one visitor's bytes become the start of
another's request (request smuggling). h11 reads leniently, as HTTP allows: it takes the chunks where a length is given
too, joins folded lines and accepts LF as the end of a line. Browsers and proxies send none of that, so it is refused,
and bodies in chunks with it: every form has a length.

h11's own limit holds for heads that arrive in parts only. Both are therefore checked on a head's bytes as they lie in
h11's buffer, before h11 reads them: one place, however many requests arrive at once.
"""

import re
from typing import Final

import h11

#: Bytes of a request's head; browsers send about 1 kB.
MAX_HEAD_BYTES: Final = 16 * 1024
#: A line end other than CR LF, or a line that goes on with the one before.
_AMBIGUOUS_LINE: Final = re.compile(rb"(?<!\r)\n|\r(?!\n|\Z)|\n[ \t]")
_FRAMING_HEADERS: Final = (b"content-length", b"transfer-encoding")


class StrictConnection(h11.Connection):
    """The server's end of an h11 connection, which gives no event for a head that `check_head` refuses."""

    def __init__(self) -> None:
        super().__init__(h11.SERVER, max_incomplete_event_size=MAX_HEAD_BYTES)

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """As h11's; raises `h11.RemoteProtocolError` also for what `check_head` refuses."""
        if self.their_state is h11.IDLE:
            check_head(self.trailing_data[0])
        return super().next_event()


def check_head(received: bytes) -> None:
    """Raise `h11.RemoteProtocolError` for a head, or a part of one, that is too long or does not read one way only.

    What follows the head is not looked at.
    """
    head, end, _rest = received.partition(b"\r\n\r\n")
    if len(head) > MAX_HEAD_BYTES:
        raise h11.RemoteProtocolError("the head of a request is too long", error_status_hint=431)
    if _AMBIGUOUS_LINE.search(head) or (end and not _has_one_length_at_most(head)):
        raise h11.RemoteProtocolError("a request that can be read in two ways")


def _has_one_length_at_most(head: bytes) -> bool:
    """Whether a whole head gives the length of its body as one number, or not at all."""
    headers = [line.partition(b":") for line in head.split(b"\r\n")[1:]]
    framing = [(name, value) for name, _, value in headers if name.strip().lower() in _FRAMING_HEADERS]
    return not framing or (
        len(framing) == 1 and framing[0][0].lower() == b"content-length" and framing[0][1].strip(b" \t").isdigit()
    )
