"""Phones that answer while a room is closed, shown, locked and thinned: what was told as saved is what is kept."""

import time
from collections.abc import Iterator

import cluster
import pytest
from room_races import processes


@pytest.fixture(scope="module")
def server() -> Iterator[cluster.Cluster]:
    with cluster.running() as started:
        yield started


@pytest.fixture(params=["a file", "a server and four processes"])
def racing(request: pytest.FixtureRequest, tmp_path) -> Iterator:
    if request.param == "a file":
        with processes(str(tmp_path / "assessor.db"), 1) as one:
            yield one
        return
    running = request.getfixturevalue("server")
    with processes(running.url(running.database()), 4) as four:
        yield four


def test_what_phones_are_told_is_kept_shown_and_in_the_report_whatever_the_leader_does_meanwhile(racing):
    assert [racing.race(seed, phones=40) for seed in range(4)] == [[]] * 4


@pytest.mark.campaign
def test_a_hundred_phones_through_a_thousand_rounds(racing, capsys):
    began = time.monotonic()
    found = {seed: differences for seed in range(1_000) if (differences := racing.race(seed, phones=100))}
    with capsys.disabled():
        print(f"\n1,000 rounds of 100 phones: {len(found)} with differences, {time.monotonic() - began:.0f} s")

    assert found == {}
