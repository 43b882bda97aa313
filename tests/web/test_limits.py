"""How much one address and one person may do: a room of 1,000 behind one address is let in, a loop is stopped."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_pages import sheet
from web_rooms import Building, Opened, house

from assessor.bank import LatestBank, open_bank
from assessor.store import Store
from assessor.usecases.assessments import new_key
from assessor.web.http.rate_limit import PostLimits, Rate, RateLimiter, TokenBuckets
from assessor.web.http.roles import Identity, Role
from assessor.web.http.store_worker import StoreWorker
from assessor.web.workshop import live_updates
from assessor.web.workshop.live_updates import LiveUpdates, Subscriber

ROOM = "198.51.100.7"


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@given(
    rate=st.builds(Rate, at_once=st.integers(1, 50), per_second=st.floats(0.1, 20)),
    pauses=st.lists(st.floats(0, 5), max_size=200),
)
def test_a_bucket_never_gives_more_than_its_rate_and_always_something_after_a_pause(rate, pauses):
    clock = Clock()
    buckets, taken = TokenBuckets(rate, clock), 0
    for pause in pauses:
        clock.now += pause
        taken += buckets.take("a")
    clock.now += 1 / rate.per_second + 1e-6

    assert taken <= rate.at_once + rate.per_second * sum(pauses) + 1e-6
    assert buckets.take("a")
    assert buckets.take("another")


def test_a_loop_of_22387_joins_in_20_seconds_gets_1540_in_and_a_room_of_1000_is_let_in_whole():
    clock = Clock()
    limiter, room = RateLimiter(clock), 0
    for at in range(1_000):
        clock.now = at * 0.06  # within a minute, all of them behind one address
        room += limiter.allows_join(ROOM)
    clock.now = 10_000.0
    loop = 0
    for at in range(22_387):
        clock.now = 10_000.0 + 20 * at / 22_387
        loop += limiter.allows_join(ROOM)

    assert (room, loop) == (1_000, 1_539)
    assert limiter.allows_join("203.0.113.9")


def test_a_room_of_1000_behind_one_address_taps_at_once_and_goes_on_answering():
    clock = Clock()
    limits, people = PostLimits(clock), [Identity(Role.PARTICIPANT, f"{at}") for at in range(1_000)]
    at_once = sum(limits.allows(person, ROOM) for person in people * 3)
    steady = 0
    for at in range(60 * 160):
        clock.now = at / 160
        steady += limits.allows(people[at % 1_000], ROOM)

    assert (at_once, steady) == (3_000, 60 * 160 - 1)  # the first comes when all have just tapped


def test_many_persons_of_one_address_together_send_no_more_than_a_room():
    clock = Clock()
    limits, loop = PostLimits(clock), [Identity(Role.PARTICIPANT, f"{at}") for at in range(1_540)]
    sent = sum(limits.allows(person, ROOM) for person in loop * 100)
    elsewhere = limits.allows(Identity(Role.PARTICIPANT, "other"), "203.0.113.9")

    assert (sent, elsewhere) == (3_000, True)


def test_what_strangers_send_takes_nothing_from_those_who_come_by_a_right_code(room: Opened):
    limits = PostLimits(by_address=Rate(3, 0.001), by_person=Rate(3, 0.001))
    found = Building(replace(house(), post_limits=limits))
    with found.first:
        guesser = found.browser()
        wrong = {guesser.post("/", [("key", new_key()), ("code", "AAAAAAA")]).status_code for _each in range(30)}
        right = [found.browser().fill("/", ("code", room.workshop.code)).status_code for _each in range(5)]
        joined = [found.browser().fill(room.door).status_code for _each in range(5)]

    assert (wrong, right, joined) == ({404, 429}, [303] * 5, [303] * 5)


@pytest.fixture
def narrow(room: Opened):
    """A building in which three may join and each may send ten forms."""
    services = replace(
        house(),
        rate_limiter=RateLimiter(joins=Rate(3, 0.001)),
        post_limits=PostLimits(by_address=Rate(1_000, 1_000), by_person=Rate(10, 0.001)),
    )
    found = Building(services)
    with found.first:
        yield found


def test_who_joins_in_a_loop_is_told_to_wait_and_others_are_not(narrow: Building, room: Opened):
    statuses = [narrow.browser().fill(room.door).status_code for _each in range(6)]
    told = narrow.browser().fill(room.door, ("name", "Sam <candid>"))
    elsewhere = narrow.browser(address="203.0.113.9").fill(room.door)

    assert statuses == [303, 303, 303, 429, 429, 429]
    assert (told.status_code, told.headers["retry-after"]) == (429, "5")
    assert "Sam &lt;candid&gt;" in told.text
    assert elsewhere.status_code == 303


def test_a_form_that_joined_and_is_sent_again_is_let_in_again(narrow: Building, room: Opened):
    form = [("key", "f" * 20), ("name", ""), ("language", "en")]
    first = narrow.browser().post(room.door, form)
    for _each in range(4):
        narrow.browser().fill(room.door)
    again = narrow.browser().post(room.door, form)

    assert (first.status_code, again.status_code) == (303, 303)


def test_a_person_who_sends_in_a_loop_is_told_to_wait_keeps_the_text_and_slows_nobody(narrow: Building, room: Opened):
    loop, other = narrow.participant(room), narrow.participant(room)
    of, others = (narrow.begun(each, room.collaborations[0]) for each in (loop, other))
    answers = [
        loop.post(f"{of}/note", [("key", new_key()), ("seen", "999"), ("note", f"Thought <{at}>")]) for at in range(12)
    ]
    beside = other.post(f"{others}/note", [("key", new_key()), ("seen", "0"), ("note", "Mine")])

    assert [answer.status_code for answer in answers] == [303] * 9 + [429] * 3  # beginning was the first
    assert (answers[-1].headers["retry-after"], "Thought &lt;11&gt;" in answers[-1].text) == ("5", True)
    assert ("note", "Thought <11>") in sheet(answers[-1].text).forms[-1]["fields"]
    assert beside.status_code == 303


def test_a_browser_that_reloads_in_a_loop_is_told_to_wait_and_slows_nobody(room: Opened):
    found = Building(replace(house(), page_limits=TokenBuckets(Rate(10, 0.001))))
    with found.first:
        loop, other, stranger = found.participant(room), found.participant(room), found.browser()
        pages = [loop.get("/", headers={"accept-language": "sv"}) for _each in range(13)]
        beside = [each.get("/").status_code for each in (other, stranger) for _each in range(2)]

    assert [page.status_code for page in pages] == [200] * 10 + [429] * 3
    assert (pages[-1].headers["retry-after"], pages[-1].headers["content-type"]) == ("5", "text/plain; charset=utf-8")
    assert pages[-1].text == "För många sidor begärdes på en gång; vänta ett ögonblick och ladda den här på nytt"
    assert beside == [200] * 4


def test_whatever_was_guessed_from_an_address_right_codes_and_links_open(building: Building, room: Opened):
    """300 phones behind one address with somebody who guesses as fast as the server answers."""
    guesser, member = building.browser(), building.participant(room)
    code = room.workshop.code
    told = []
    for at in range(100):
        for wrong in range(5):
            guesser.get(f"/j/AAA{at:02}{wrong:02}")
            guesser.get(f"/go/{at:022}")
        told += [
            building.browser().get(room.door).status_code,
            building.browser().fill("/", ("code", code)).status_code,
        ]
    link = "/go/" + sheet(member.fill("/phone").text).text.partition("/go/")[2].split()[0]

    assert {*told} == {200, 303}
    assert [guesser.fill(page).status_code for page in (room.door, link, f"/lead/{room.secret}")] == [303] * 3


def test_streams_of_one_address_are_limited_and_the_oldest_asks_now_and_then(room: Opened, monkeypatch):
    monkeypatch.setattr(live_updates, "ADDRESS_STREAMS", 3)
    worker, hall = StoreWorker(Store.open, idle_seconds=None), LiveUpdates()

    def stream(person: str, address: str) -> AsyncIterator[bytes]:
        ear = Subscriber(render=lambda found: found.workshop.stage, cache_key=("test",), immediate=True)
        latest = LatestBank(open_bank("dokk1"))
        how = {"person": person, "address": address, "max_streams": 2, "subscriber": ear}
        return hall.stream_events(worker, latest, room.workshop.id, **how)

    async def run() -> tuple[int, list[bytes]]:
        streams = [stream(f"{at}", ROOM) for at in range(4)] + [stream("x", "203.0.113.9")]
        for each in streams:
            await anext(each)
        told = [event async for event in streams[0]]
        count = hall.stream_count
        for each in streams[1:]:
            await each.aclose()
        return count, told

    count, told = asyncio.run(run())
    worker.shut_down()

    assert (count, b"event: elsewhere" in told[-1], hall.stream_count) == (4, True, 0)
