"""What stands in front: names, origins, sizes and times; a refusal changes nothing and keeps what was typed."""

import asyncio
import gzip
import re
import socket

import pytest
from web_pages import OURS

from assessor.web.app import create_app
from assessor.web.errors import MalformedForm
from assessor.web.http.form_parsing import MAX_BODY_BYTES, parse_form

FORM = "application/x-www-form-urlencoded"
NEW = b"key=0123456789abcdef0123&party=Example+Choir&undertaking="


@pytest.fixture
def ready(owner, begun, store):
    """Sends a body with headers; the status, and whether the store is as it was."""

    def hash_() -> str:
        with store() as kept:
            return kept.content_hash()

    def send(body: bytes, path: str = "/new", **headers: str):
        before = hash_()
        told = owner.client.post(path, content=body, headers={"content-type": FORM, **headers})
        return told.status_code, hash_() == before

    return send


def test_a_form_of_our_own_page_is_taken(ready):
    assert ready(NEW, **OURS) == (303, False)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": "https://localhost"},
        {},
    ],
)
def test_a_form_from_elsewhere_is_refused(ready, headers):
    assert ready(NEW, **headers) == (403, True)


def test_an_older_browser_says_so_by_its_origin(ready):
    assert ready(NEW, origin="http://localhost") == (303, False)


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x", ""])
def test_what_is_no_form_is_refused(ready, kind):
    assert ready(b'{"party": "Example Choir"}', **OURS, **{"content-type": kind}) == (415, True)


def test_a_packed_body_is_not_unpacked(ready):
    assert ready(gzip.compress(bytes(50_000_000)), **OURS, **{"content-encoding": "gzip"}) == (415, True)


def test_a_large_body_is_refused_unread(ready):
    assert ready(b"party=" + bytes(50_000_000), **OURS) == (413, True)


def test_many_fields_are_refused(ready):
    assert ready(b"&".join(b"a=1" for _ in range(100_000)), **OURS) == (413, True)
    assert ready(b"&".join(b"a=1" for _ in range(10_000)), **OURS) == (400, True)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"party",
        b"party=x",
        b"key=short&party=x",
        b"key=0123456789abcdef&party=%ff",
        b"key=0123456789abcdef&party=%00",
        "key=0123456789abcdef&party=å".encode(),
    ],
)
def test_a_form_that_did_not_arrive_whole_is_refused(ready, body):
    status, same = ready(body, **OURS)

    assert status in (400, 422)
    assert same


def test_a_field_sent_twice_where_one_is_meant_is_refused(ready):
    assert ready(NEW + b"&party=Another", **OURS) == (400, True)


def test_a_form_within_limits_is_taken_apart():
    found = parse_form(b"key=0123456789abcdef0123&response=a&response=b&note=one%0D%0Atwo&later=")

    assert (found.values("response"), found.value("note"), found.has_field("later"), found.value("gone")) == (
        ("a", "b"),
        "one\ntwo",
        True,
        "",
    )


def test_the_same_key_with_other_content_is_another_sending():
    first, again, other = (
        parse_form(b"key=0123456789abcdef0123&response=" + each).idempotency_key for each in (b"a", b"a", b"b")
    )

    assert first == again != other


def test_a_value_may_not_be_longer_than_any_of_ours():
    with pytest.raises(MalformedForm):
        parse_form(b"note=" + b"a" * 20_001)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::2]"]
)
def test_another_host_name_is_refused(owner, host):
    assert owner.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8719", "127.0.0.1:8719", "[::1]:8719"])
def test_this_machine_goes_by_these_names(owner, host):
    assert owner.get("/accessibility", headers={"host": host}).status_code == 200


def test_a_forwarded_host_names_nothing(owner, begun):
    told = owner.get("/", headers={"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"})

    assert told.status_code == 200
    assert "evil.example" not in told.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(owner, method):
    assert owner.client.request(method, "/").status_code == 405


def test_a_refusal_keeps_what_was_typed_and_offers_to_send_it_again(owner, answered):
    key = ("key", "0123456789abcdef0123")
    told = owner.post("/a/gone/q/creation", [key, ("note", "A long <thought>")])

    assert told.status_code == 404
    assert "<bdi>A long &lt;thought&gt;</bdi>" in told.text
    assert '<input type="hidden" name="note" value="A long &lt;thought&gt;">' in told.text
    assert '<input type="hidden" name="key" value="0123456789abcdef0123">' in told.text


def test_ranges_are_not_cut_out(owner):
    whole = owner.get("/look/pages.css", headers={"range": "bytes=" + ",".join("0-1" for _ in range(1_000))})

    assert (whole.status_code, len(whole.content) > 1_000) == (200, True)


def _answer(port: int, *parts: bytes, wait: float = 0) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        for part in parts:
            line.sendall(part)
        line.settimeout(10)
        return line.recv(4096)


def test_a_body_that_dribbles_in_is_cut_off(house):
    async def dribbled() -> int:
        statuses: list[int] = []

        async def receive():
            await asyncio.sleep(0.05)
            return {"type": "http.request", "body": b"a", "more_body": True}

        async def send(message):
            statuses.append(message.get("status", 0))

        headers = [(b"host", b"localhost"), (b"content-type", FORM.encode()), (b"sec-fetch-site", b"same-origin")]
        scope = {"type": "http", "method": "POST", "path": "/new", "headers": headers, "scheme": "http"}
        await create_app(house, body_timeout=0.3)({**scope, "query_string": b""}, receive, send)
        return statuses[0]

    assert asyncio.run(dribbled()) == 408


def test_a_head_larger_than_any_browsers_is_refused(served):
    ranges = b"Range: bytes=" + b",".join(b"%d-%d" % (at, at + 1) for at in range(10_000)) + b"\r\n"
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\n" + ranges

    assert re.match(rb"HTTP/1.1 4\d\d", _answer(served.port, head))


def test_it_listens_on_this_machine_only(served):
    assert [each.getsockname()[0] for each in served.server.servers[0].sockets] == ["127.0.0.1"]


def test_the_longest_note_fits(owner, answered):
    longest = "\N{GRINNING FACE}" * 4_000
    told = owner.fill(f"{answered}/verdict", ("note", longest), action=f"{answered}/note")

    assert len(longest.encode()) * 3 < MAX_BODY_BYTES
    assert told.status_code == 303
    assert longest in owner.get(f"{answered}/verdict").text
