"""A service in its busiest week: `pytest -m benchmark -s tests/benchmarks/test_nation_speed.py`.

The responses of a week arrive on the week's curve, compressed into SECONDS: five days with their working hours, and
the last hour before a deadline as the peak. Latency counts from the moment at which a request was due. Whoever asks and
PostgreSQL are on the same two cores; WEEK is the number of responses, LIBRARIES that of libraries.
"""

import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from nation_server import HOST
from test_room_speed import ITEMS, OPTIONS

sys.path.insert(0, str(Path(__file__).parent.parent))
import cluster

pytestmark = pytest.mark.benchmark

WEEK, LIBRARIES = int(os.environ.get("WEEK", "12000")), int(os.environ.get("LIBRARIES", "300"))
HOUR = int(os.environ.get("HOUR", "25800"))  # of 200,000 in a week, by the curve below
SECONDS, WORKERS = float(os.environ.get("SECONDS", "100")), int(os.environ.get("WORKERS", "2"))

#: Responses on each hour of the week's forty working hours, in parts of a common one; the last is before a deadline.
HOURS = (*((1, 2, 3, 2, 1, 2, 3, 2) * 4), *(1, 2, 3, 2, 2, 3, 4, 12))


@dataclass
class Steward:
    """One library's browser: it answers one item after the other, over one connection."""

    port: int
    cookie: str
    path: str
    late: list[float] = field(default_factory=list)
    sent: int = 0
    acknowledged: int = 0
    errors: list[int] = field(default_factory=list)
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def respond(self, due: float) -> None:
        async with self.turn:
            item = ITEMS[self.sent % len(ITEMS)]
            option = OPTIONS[item][self.sent // len(ITEMS) % len(OPTIONS[item])]
            self.sent += 1
            body = urlencode({"key": f"{random.getrandbits(80):020x}", "seen": "999999", "response": option})
            status = 0
            with suppress(OSError, asyncio.IncompleteReadError):
                status = await self._post(f"{self.path}/q/{item}", body)
            self.late.append(asyncio.get_running_loop().time() - due)
            self.acknowledged += status == 303
            if status != 303:
                self.errors.append(status)

    async def _post(self, path: str, body: str) -> int:
        kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        return await self._send(f"POST {path}", kind, body)

    async def document(self, name: str) -> int:
        """Ask for a document of the library's until there is one; how often one was told to wait."""
        for refused in range(100):
            status = await self._send(f"GET {self.path.partition('/a/')[0]}/{name}", "", "")
            if status != 429:
                assert status == 200
                return refused
            await asyncio.sleep(1)
        raise AssertionError(name)

    async def _send(self, line: str, headers: str, body: str) -> int:
        if self.connection and self.connection[0].at_eof():  # the server hangs up on who is silent
            await self.hang_up()
        if self.connection is None:
            self.connection = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.connection
        head = f"{line} HTTP/1.1\r\nHost: {HOST}\r\nOrigin: https://{HOST}\r\nCookie: {self.cookie}\r\n{headers}\r\n"
        writer.write(f"{head}{body}".encode())
        answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if "content-length: " in answer:
            await reader.readexactly(int(answer.split("content-length: ")[1].split("\r\n")[0]))
        return int(answer.split(" ", 2)[1])

    async def hang_up(self) -> None:
        if self.connection:
            self.connection[1].close()
            with suppress(OSError):
                await self.connection[1].wait_closed()
            self.connection = None


@dataclass
class Nation:
    """A service that runs, its libraries' browsers, and the database behind it."""

    process: subprocess.Popen[str]
    stewards: list[Steward]
    server: "cluster.Cluster"
    database: str

    def kept(self) -> int:
        """Responses to items in the database."""
        with self.server.admin(self.database) as admin:
            rows = admin.execute("SELECT count(*) FROM entry WHERE kind = 'response'").fetchall()
        return int(str(rows[0][0]))

    def processor_seconds(self) -> float:
        """Of all its processes so far, PostgreSQL's left out."""
        pids = [self.process.pid, *_children(self.process.pid)]
        return sum(sum(map(int, _stat(pid)[11:13])) for pid in pids) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> list[int]:
        """Megabytes that each process holds."""
        pids = _children(self.process.pid) or [self.process.pid]
        texts = (Path(f"/proc/{pid}/status").read_text() for pid in pids)
        return [int(text.split("VmRSS:")[1].split()[0]) // 1024 for text in texts]


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _busy() -> tuple[int, int]:
    """Ticks in which the machine's processors worked so far, and all ticks."""
    ticks = list(map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:9]))
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


@contextmanager
def nation(folder: Path, libraries: int, workers: int, reporting: int = 0) -> Iterator[Nation]:
    with cluster.running(Path("/var/tmp")) as server:  # noqa: S108 - on the disk, where a commit costs what it costs
        database = server.database()
        environment = {**os.environ, "ASSESSOR_HOME": str(folder / "home")}
        command = (sys.executable, str(Path(__file__).parent / "nation_server.py"), server.url(database))
        process = subprocess.Popen(
            (*command, str(libraries), str(workers), str(reporting)), env=environment, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        try:
            told = json.loads(process.stdout.readline())
            stewards = [
                Steward(told["port"], cookie, f"/l/{library}/a/{assessment}")
                for library, cookie, assessment in told["libraries"]
            ]
            yield Nation(process, stewards, server, database)
        finally:
            process.terminate()
            process.wait(30)
            process.stdout.close()


def moments(responses: int, seconds: float) -> list[float]:
    """When each response of a week is due, in seconds from its beginning."""
    hours = random.choices(range(len(HOURS)), HOURS, k=responses)
    return sorted((hour + random.random()) / len(HOURS) * seconds for hour in hours)


async def live_through(stewards: list[Steward], due: list[float]) -> None:
    loop = asyncio.get_running_loop()
    begin = loop.time() + 0.5
    try:
        async with asyncio.TaskGroup() as responses:
            for moment in due:
                await asyncio.sleep(max(0, begin + moment - loop.time()))
                responses.create_task(random.choice(stewards).respond(begin + moment))
    finally:
        for steward in stewards:
            await steward.hang_up()


async def _one_after_another(stewards: list[Steward], each: int) -> None:
    """Every steward responds so often, as fast as they are answered."""

    async def respond(steward: Steward) -> None:
        for _time in range(each):
            await steward.respond(asyncio.get_running_loop().time())
        await steward.hang_up()

    await asyncio.gather(*map(respond, stewards))


def test_the_memory_of_a_process_over_as_many_responses_as_the_hour_before_a_deadline_has(tmp_path):
    each, quarters = HOUR // 64 // 4, 4
    with nation(tmp_path, 64, WORKERS) as service:
        memory = [service.memory()]
        cpu, began = service.processor_seconds(), time.monotonic()
        for _quarter in range(quarters):
            asyncio.run(_one_after_another(service.stewards, each))
            memory.append(service.memory())
        spent, took = service.processor_seconds() - cpu, time.monotonic() - began
    sent = 64 * each * quarters
    sys.stdout.write(
        f"\n{sent:,} responses in {took:.0f} s, {spent / sent * 1e3:.2f} ms of processor each; memory of each process"
        f" before, and after each quarter: {memory} MB; load {os.getloadavg()[0]:.1f}"
    )

    assert [error for steward in service.stewards for error in steward.errors] == []
    assert max(memory[-1]) <= max(memory[-3]) * 1.03


async def _while(stewards: list[Steward], rate: float, ended: asyncio.Event) -> list[float]:
    """How late each response was, of those that were due at this rate until something ended."""
    loop, before = asyncio.get_running_loop(), [len(steward.late) for steward in stewards]
    async with asyncio.TaskGroup() as responses:
        while not ended.is_set():
            await asyncio.sleep(random.expovariate(rate))
            responses.create_task(random.choice(stewards).respond(loop.time()))
    return [late for steward, begun in zip(stewards, before, strict=True) for late in steward.late[begun:]]


async def _rounds_with_reports(
    others: list[Steward], asking: list[Steward], rate: float, seconds: float, rounds: int
) -> list[tuple[float, float, float, int]]:
    """The others' p99 without reports and with, seconds until all had theirs, and how often one was told to wait."""

    async def pause() -> list[int]:
        await asyncio.sleep(seconds)
        return []

    async def ask() -> list[int]:
        names = ("report", "report.pdf", "documents/wall", "documents/wall?as=page")
        return await asyncio.gather(*(each.document(names[at % 4]) for at, each in enumerate(asking)))

    async def meanwhile(what: Coroutine[None, None, list[int]]) -> tuple[float, float, list[int]]:
        began, ended = time.monotonic(), asyncio.Event()
        late = asyncio.create_task(_while(others, rate, ended))
        told = await what
        took = time.monotonic() - began
        ended.set()
        return statistics.quantiles(await late, n=100)[98], took, told

    await meanwhile(pause())
    found = []
    for _round in range(rounds):
        quiet, _took, _none = await meanwhile(pause())
        with_reports, took, told = await meanwhile(ask())
        found.append((quiet, with_reports, took, sum(told)))
    for steward in (*others, *asking):
        await steward.hang_up()
    return found


def test_fifty_reports_asked_for_at_once_beside_the_others(tmp_path):
    with nation(tmp_path, 150, WORKERS, reporting=50) as service:
        asking, others = service.stewards[:50], service.stewards[50:]
        rounds = asyncio.run(_rounds_with_reports(others, asking, 20.0, 20.0, 3))
    ratios = [round(with_reports / quiet, 2) for quiet, with_reports, _took, _told in rounds]
    sys.stdout.write(
        "\n50 reports, walls and their pages at once, beside 20 responses a second: others' p99 (ms)"
        f" {[(round(quiet * 1e3), round(busy * 1e3)) for quiet, busy, *_rest in rounds]}, ratios {ratios}"
        f" (aim: under 2); all made in {[round(took) for _quiet, _busy, took, _told in rounds]} s,"
        f" told to wait {[told for *_rest, told in rounds]} times; load {os.getloadavg()[0]:.1f}"
    )

    assert [error for steward in service.stewards for error in steward.errors] == []


async def _busy_weeks(stewards: list[Steward]) -> tuple[float, float]:
    """Live through the week; how busy the machine was in all of it, and in its last hour."""
    hour = SECONDS / len(HOURS)
    last = asyncio.create_task(_busy_share(0.5 + SECONDS - hour, hour))
    before = _busy()
    await live_through(stewards, moments(WEEK, SECONDS))
    return _share(before, _busy()), await last


async def _busy_share(pause: float, seconds: float) -> float:
    await asyncio.sleep(pause)
    before = _busy()
    await asyncio.sleep(seconds)
    return _share(before, _busy())


def _share(before: tuple[int, int], after: tuple[int, int]) -> float:
    return (after[0] - before[0]) / (after[1] - before[1])


def test_a_week_of_a_nation(tmp_path):
    with nation(tmp_path, LIBRARIES, WORKERS) as service:
        before, cpu, memory, began = service.kept(), service.processor_seconds(), service.memory(), time.monotonic()
        busy, busy_at_last = asyncio.run(_busy_weeks(service.stewards))
        took = time.monotonic() - began
        spent, memory_after = service.processor_seconds() - cpu, service.memory()
        kept = service.kept() - before
    late = sorted(each for steward in service.stewards for each in steward.late)
    acknowledged = sum(steward.acknowledged for steward in service.stewards)
    errors = [status for steward in service.stewards for status in steward.errors]
    sys.stdout.write(
        f"\n{LIBRARIES} libraries, {WEEK:,} responses in {took:.0f} s (a week of 40 hours, compressed"
        f" {40 * 3600 / took:,.0f} times; 200,000 in a week at this rate: {200_000 / WEEK:.1f} times as long),"
        f" {WORKERS} processes: p99 {late[int(len(late) * 0.99)] * 1e3:.0f} ms (aim: at most 300), median"
        f" {statistics.median(late) * 1e3:.0f} ms; {len(errors)} errors,"
        f" {acknowledged - kept} lost of {acknowledged:,};"
        f" machine {busy:.0%} busy, {busy_at_last:.0%} in the last hour (aim: 70 % or more);"
        f" {spent / len(late) * 1e3:.2f} ms of processor a response (aim: 0.6);"
        f" memory of each {memory} -> {memory_after} MB"
    )

    assert (errors, acknowledged - kept) == ([], 0)
