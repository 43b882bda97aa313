"""A room's network: cut, doubled, late, and a server that dies; what was acknowledged counts, and counts once."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

import pytest
from web_pages import SERVICE, Served, sheet
from web_rooms import Opened, house

from assessor.store import Store

HOST = "room.example"
FORM = {"content-type": "application/x-www-form-urlencoded", "origin": f"http://{HOST}", "host": HOST}


class Cutter:
    """A network between a phone and the server that cuts each connection after so many bytes, up and down."""

    def __init__(self, to: int) -> None:
        self.to, self.after = to, -1
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(ready,))
        self.thread.start()
        ready.wait(10)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(asyncio.start_server(self._line, "127.0.0.1", 0))
        self.port = self.server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()
        self.server.close()
        left = asyncio.all_tasks(self.loop)
        for each in left:
            each.cancel()
        self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self.loop.run_until_complete(asyncio.sleep(0.01))  # what was aborted is let go of a turn later
        self.loop.close()

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = [self.after]
        there, back = await asyncio.open_connection("127.0.0.1", self.to)
        ways = [asyncio.ensure_future(_carry(*way, left)) for way in ((reader, back), (there, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:  # also when the whole network is taken away
            for each in ways:
                each.cancel()
            for each in (writer, back):
                each.transport.abort()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: list[int]) -> None:
    """Pass on until the end, or until nothing is left to pass on."""
    while data := await reader.read(1 << 16):
        part = data if left[0] < 0 else data[: left[0]]
        writer.write(part)
        await writer.drain()
        if left[0] >= 0:
            left[0] -= len(part)
            if left[0] <= 0:
                return


@pytest.fixture
def served(room: Opened) -> Iterator[Served]:
    found = Served(house())
    found.start()
    yield found
    found.stop()
    found.house.store_worker.shut_down()


def ask(port: int, method: str, path: str, fields=(), cookie: str = "", **more: str) -> tuple[int, dict[str, str], str]:
    """One request on a connection of its own; raises what the network does."""
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request(method, path, urlencode(fields) or None, {**FORM, "cookie": cookie, **more})
        with line.getresponse() as answer:
            given, text = dict(answer.getheaders()), answer.read().decode()
            if "x-assessor" not in given or len(text) != int(given["content-length"]):
                raise HTTPException  # half a head, which this reader takes for a whole one and no browser does
            return answer.status, given, text
    finally:
        line.close()


def joined(port: int, of: Opened) -> tuple[str, str]:
    """A phone's cookie, and its assessment."""
    _status, given, _text = ask(port, "POST", of.door, [("key", os.urandom(12).hex()), ("name", "")])
    cookie = given["set-cookie"].split(";")[0]
    begin = f"/c/{of.collaborations[0]}/begin"
    _status, given, _text = ask(port, "POST", begin, [("key", os.urandom(12).hex())], cookie)
    return cookie, given["location"]


def entries(of: Opened) -> list[tuple[str, str, str]]:
    with Store.open(write=False) as store:
        return [
            (entry.kind, entry.item, entry.value)
            for each in store.assessments_in_workshop(of.workshop.id)
            for entry in each.history
        ]


def test_a_connection_cut_anywhere_leaves_one_response_after_it_is_sent_again(room, served):
    """A hundred responses, cut at random bytes of the request and of the answer."""
    cutter, by_chance = Cutter(served.port), random.Random(3)
    cookie, of = joined(served.port, room)
    cut, wanted = 0, []
    try:
        for at in range(100):
            value = ("network", "service", "strategic")[at % 3]
            fields = [("key", f"page{at:020}"), ("seen", "99999"), ("response", value)]
            wanted.append(("gut", "", value))
            cutter.after = by_chance.randrange(1, 900)
            for _ in range(20):
                try:
                    status, _given, _text = ask(cutter.port, "POST", f"{of}/gut", fields, cookie)
                except (OSError, HTTPException):
                    cut, cutter.after = cut + 1, by_chance.choice((-1, 300, 700))
                    continue
                assert status == 303
                break
    finally:
        cutter.stop()

    assert entries(room) == wanted
    assert cut > 50


def test_the_same_response_ten_times_at_once_is_one_and_all_are_answered_alike(room, served):
    cookie, of = joined(served.port, room)
    fields = [("key", "k" * 20), ("seen", "0"), ("turn", "1"), ("response", "network")]
    told: list[tuple[int, str]] = []

    def send() -> None:
        status, given, _text = ask(served.port, "POST", f"{of}/gut", fields, cookie)
        told.append((status, given["location"]))

    threads = [threading.Thread(target=send) for _ in range(10)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert set(told) == {(303, f"{of}/q/payment")}
    assert len(told) == 10
    assert entries(room) == [("gut", "", "network")]


@pytest.mark.parametrize(
    ("order", "last"),
    [((1, 2, 3), "outside"), ((3, 2, 1), "outside"), ((2, 3, 1), "outside"), ((3, 1, 2, 3, 1), "outside")],
)
def test_of_what_one_page_sent_the_last_sent_counts_whenever_it_arrives(building, room, order, last):
    sent = {1: "network", 2: "service", 3: last}
    one = building.participant(room)
    of = building.begun(one, room.collaborations[0])
    form = dict(sheet(one.get(f"{of}/gut").text).forms[-1]["fields"])
    statuses = [
        one.post(f"{of}/gut", {**form, "turn": str(turn), "response": sent[turn]}).status_code for turn in order
    ]

    assert set(statuses) == {303}
    with Store.open(write=False) as store:
        assert [each.gut for each in store.assessments_in_workshop(room.workshop.id)] == [last]


def test_what_another_page_gave_since_is_not_overwritten_without_a_word(building, room):
    one = building.participant(room)
    of = building.begun(one, room.collaborations[0])
    first, second = (dict(sheet(one.get(f"{of}/gut").text).forms[-1]["fields"]) for _ in range(2))
    told = [
        one.post(f"{of}/gut", {**form, "response": value}).status_code
        for form, value in ((first, "network"), (second, "service"))
    ]

    assert told == [303, 409]


def test_an_empty_note_sent_again_withdraws_nothing(building, room):
    one = building.participant(room)
    of = building.answered(one, room.collaborations[0])
    one.fill(f"{of}/q/creation", ("note", "A thought"))
    one.fill(f"{of}/q/creation", ("note", ""))
    one.post(f"{of}/q/creation", [("key", "k" * 20), ("seen", "999"), ("response", "")])

    assert "A thought</textarea>" in one.get(f"{of}/q/creation").text
    with Store.open(write=False) as store:
        assert store.assessments_in_workshop(room.workshop.id)[0].responses == SERVICE


SERVER = """
import sys
from web_rooms import house
from assessor.web.http.listening import listen
from assessor.web.server import serve_workshops
serve_workshops(house, [[listen(int(sys.argv[1]))]], lambda: print("ready", flush=True))
"""


def _free() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _started(port: int) -> subprocess.Popen[str]:
    here = os.path.dirname(__file__)  # noqa: PTH120
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(port)], cwd=here, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    return process


def test_after_a_kill_everybody_goes_on_and_nothing_acknowledged_is_lost(room):
    port, phones, acknowledged = _free(), [], []
    server = _started(port)
    try:
        phones = [joined(port, room) for _ in range(30)]
        stop = threading.Event()

        def tap(cookie: str, of: str) -> None:
            for at in range(1_000):
                fields = [("key", f"{of[3:]}-{at:018}"), ("seen", "99999"), ("response", "network")]
                while not stop.is_set():
                    try:
                        status, _given, _text = ask(port, "POST", f"{of}/gut", fields, cookie)
                    except (OSError, HTTPException):
                        time.sleep(0.2 * random.random())
                        continue
                    if status == 303:
                        acknowledged.append((of, at))
                        break
                if stop.is_set():
                    return

        threads = [threading.Thread(target=tap, args=phone) for phone in phones]
        for each in threads:
            each.start()
        time.sleep(1.5)
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        server.stdout.close()
        before, died = len(acknowledged), time.monotonic()
        server = _started(port)
        while len({of for of, _at in acknowledged[before:]}) < 30 and time.monotonic() - died < 20:
            time.sleep(0.05)
        back = time.monotonic() - died
        stop.set()
        for each in threads:
            each.join()
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()

    assert back < 10
    assert before > 30
    with Store.open(write=False) as store:
        kept = {f"/a/{each.id}": len(each.history) for each in store.assessments_in_workshop(room.workshop.id)}
    counted = {of: sum(each == of for each, _at in acknowledged) for of, _cookie in ((of, c) for c, of in phones)}
    assert {of: kept[of] - counted[of] in (0, 1) for of in counted} == dict.fromkeys(counted, True)
