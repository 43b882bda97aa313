"""A machine whose address changes while its room runs: the one who leads is told in seconds, on page and terminal."""

import asyncio
import html
import os
import re
import shutil
import subprocess
import sys
import textwrap

import pytest
from web_rooms import Building, house

from assessor.web.http.addresses import AddressWatch, in_url, ranked_addresses
from assessor.web.workshop import live_updates

OLD, NEW = "10.9.8.7", "10.9.8.11"


class Network:
    """The addresses of a machine, and what is said of it."""

    def __init__(self):
        self.addresses = (OLD, "10.1.1.1")
        self.said = []
        self.watch = AddressWatch(OLD, lambda watch: self.said.append(watch.warning(str)), lambda: self.addresses)

    def become(self, *addresses):
        self.addresses = addresses
        self.watch.look()


@pytest.fixture
def network():
    return Network()


def test_a_lost_address_is_told_once_with_the_new_one_and_its_return_too(network):
    network.become(OLD, NEW)
    network.become(NEW)
    network.become(NEW)
    network.become()
    network.become(OLD)

    moved, lost, back = network.said
    assert moved.startswith(f"Phones can no longer reach the workshop at {OLD}: this machine's address is now {NEW};")
    assert lost.endswith("this machine has lost its network; connect it again")
    assert (back, network.watch.changes) == ("", 3)


def test_a_loopback_address_is_never_lost():
    async def run():
        await asyncio.wait_for(AddressWatch("127.0.0.1", find=lambda: ()).run(), 1)

    asyncio.run(run())


@pytest.fixture
def watched(network):
    services = house()
    object.__setattr__(services.config, "address_watch", network.watch)
    services.live_updates.outside_changes = lambda: network.watch.changes
    return services


def test_the_board_and_the_leaders_page_say_that_phones_cannot_reach_the_machine(room, network, watched):
    building = Building(watched)
    with building.first:
        leader = building.leader(room)
        pages = [f"/w/{room.workshop.id}", f"/w/{room.workshop.id}/board"]
        before = [leader.get(page).text for page in pages]
        network.become(NEW)
        after = [html.unescape(leader.get(page).text) for page in pages]

    assert not any("no longer reach" in text for text in before)
    assert all(f"at {OLD}: this machine's address is now {NEW};" in text for text in after)


def test_an_open_page_is_told_without_anything_being_changed_in_the_store(room, network, watched, monkeypatch):
    monkeypatch.setattr(live_updates, "POLL_SECONDS", 0.05)

    async def run():
        ear = live_updates.Subscriber(
            render=lambda room: network.watch.warning(str), cache_key=("test",), immediate=True
        )
        stream = watched.live_updates.stream_events(
            watched.store_worker, watched.config.bank, room.workshop.id, person="a", max_streams=2, subscriber=ear
        )
        seen = [await anext(stream), await anext(stream)]
        network.become(NEW)
        seen.append(await asyncio.wait_for(anext(stream), 5))
        await stream.aclose()
        await watched.store_worker.close()
        return seen

    _retry, first, told = asyncio.run(run())
    assert b"no longer" not in first
    assert NEW.encode() in told


#: In a network of its own, as root there: leads a workshop, exchanges its address, and joins at the new one.
JOURNEY = """
import re, subprocess, sys, time, os, urllib.request
def ip(*words): subprocess.run(("ip", *words), check=True)
ip("link", "set", "lo", "up")
ip("addr", "add", "{old}/8", "dev", "lo")
os.environ["BROWSER"] = "echo BROWSER %s"
program = subprocess.Popen((sys.executable, "-m", "assessor", "workshop", "Day", "--library", "Example"),
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
told = []
def until(pattern):
    began = time.monotonic()
    for line in program.stdout:
        print(line, end="")
        told.append(line)
        if re.search(pattern, line):
            print("after", round(time.monotonic() - began, 1))
            return
def ask(address):
    code = re.search("code ([A-Z0-9]{{7}})", "".join(told)).group(1)
    page = urllib.request.urlopen("http://%s:8719/j/%s" % (address, code), timeout=5)
    print("SERVED", address, page.status)
until("Press Ctrl-C")
ask("{old}")
time.sleep(3)
ip("addr", "del", "{old}/8", "dev", "lo")
ip("addr", "add", "{new}/8", "dev", "lo")
until("Phones reach")
ask("{new}")
ip("addr", "del", "{new}/8", "dev", "lo")
until("lost its network")
ip("addr", "add", "{old}/8", "dev", "lo")
until("Phones reach")
ask("{old}")
program.terminate(); program.wait(20)
"""


@pytest.mark.heavy
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("ip"), reason="needs a network of its own")
def test_a_machine_that_really_changes_its_address_serves_phones_at_the_new_one_within_seconds(tmp_path):
    script = textwrap.dedent(JOURNEY).format(old=OLD, new=NEW)
    done = subprocess.run(
        ("unshare", "-n", sys.executable, "-c", script),
        env={**os.environ, "ASSESSOR_HOME": str(tmp_path), "ASSESSOR_LANG": "en"},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert "BROWSER http://127.0.0.1:" in done.stdout
    assert re.findall(r"SERVED (.*)", done.stdout) == [f"{OLD} 200", f"{NEW} 200", f"{OLD} 200"], done.stderr
    assert f"Phones reach the workshop at {NEW}:8719 now, no longer at {OLD}:" in done.stdout
    assert f"Phones reach the workshop at {OLD}:8719 now, no longer at {NEW}:" in done.stdout
    assert all(float(seconds) < 6 for seconds in re.findall(r"(?m)^after (.*)$", done.stdout)[1:])


def test_the_new_address_is_served_and_told_and_after_a_while_no_more_said(network, monkeypatch):
    asked: list[str] = []
    network.watch.follow([OLD, "127.0.0.1"], 8720, lambda address: asked.append(address) or address != "10.1.1.1")
    network.become(OLD, "10.1.1.1")
    before = (network.watch.base_url, network.watch.host_names)
    network.become("10.1.1.1", NEW)
    told, briefly = network.watch.warning(str), network.watch.warning(str, brief=True)
    monkeypatch.setattr("assessor.web.http.addresses.time.monotonic", lambda: 1e12)
    network.become("10.1.1.1", NEW)

    assert before == ("", {OLD})
    assert asked == ["10.1.1.1", "10.1.1.1", NEW, "10.1.1.1"]
    assert (network.watch.base_url, network.watch.host_names) == (f"http://{NEW}:8720", {OLD, NEW})
    assert told.startswith(f"Phones reach the workshop at {NEW}:8720 now, no longer at {OLD}: scan the code again")
    assert briefly.startswith(f"New address: {NEW}:8720. Scan")
    assert network.watch.warning(str) == ""


def test_an_address_that_somebody_chose_is_left_for_no_other():
    watch = AddressWatch(OLD, find=lambda: (NEW,), may_move=False)
    watch.follow([OLD], 8720, lambda _address: True)
    watch.look()

    assert (watch.base_url, watch.instead) == ("", (NEW,))


def test_a_look_that_fails_is_said_once_and_the_next_looks_go_on(caplog):
    found = iter([OSError(5), OSError(5), (), (OLD,)])
    said: list[str] = []

    def find() -> tuple[str, ...]:
        addresses = next(found, (OLD,))
        if isinstance(addresses, OSError):
            raise addresses
        return addresses

    async def run() -> None:
        watching = asyncio.create_task(AddressWatch(OLD, lambda watch: said.append(watch.warning(str)), find).run(0.01))
        while len(said) < 2:
            await asyncio.sleep(0.01)
        watching.cancel()

    asyncio.run(asyncio.wait_for(run(), 5))

    (message,) = caplog.messages
    assert message.startswith("This machine's addresses cannot be found out: OSError")
    assert said[-1] == ""


def test_the_rooms_network_comes_before_a_private_one_over_the_internet_and_one_for_containers():
    interfaces = (("lo", "127.0.0.1"), ("tun0", "10.8.0.2"), ("docker0", "172.17.0.1"), ("wlan0", "192.168.1.23"))

    assert ranked_addresses(("10.8.0.2", "192.168.1.23"), interfaces) == ("192.168.1.23", "10.8.0.2", "172.17.0.1")


def test_an_ipv6_address_is_offered_in_brackets_and_never_one_of_the_link_alone():
    interfaces = (("lo", "::1"), ("eth0", "fe80::1"), ("eth0", "2001:db8::7"), ("eth0", "fd00::2"))

    assert [in_url(address) for address in ranked_addresses((), interfaces)] == ["[2001:db8::7]", "[fd00::2]"]
    assert in_url("192.168.1.23") == "192.168.1.23"


def test_a_phone_that_asks_for_a_page_is_heard_and_this_machine_itself_is_not():
    watch = AddressWatch("192.0.2.1", find=lambda: ("192.0.2.1", "192.0.2.9"))
    heard = []
    for client in ("192.0.2.1", "127.0.0.1", "192.0.2.9", "", "192.0.2.77"):
        watch.hear_from(client)
        heard.append(watch.reached)

    assert heard == [False] * 4 + [True]
