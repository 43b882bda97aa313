"""The picture over all libraries, on the pages: a steward says yes, the host draws, all who share see the same."""

import csv
import io
import json
import re
from collections.abc import Iterator

import pytest
from web_pages import sheet
from web_services import Service, service

from assessor.store import Store
from assessor.usecases import nation
from assessor.usecases.nation import Nation


@pytest.fixture
def building(home) -> Iterator[Service]:
    found = service()
    with found.first:
        yield found


def say_yes(building: Service, *names: str) -> None:
    """Other libraries whose stewards said yes."""
    with building.store() as store:
        for name in names:
            store.add_library(name)
            of(store).choose_sharing(name, share=True, key="yes")


def of(store: Store) -> Nation:
    from assessor.bank import open_bank

    return Nation(store, open_bank("dokk1"))


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", sheet(html).text)


def test_nothing_is_shared_until_a_steward_says_yes_and_after_a_no(building):
    steward = building.steward("Library A")
    page = f"/l/{building.ids['Library A']}/nation/share"
    colleague = building.invited(steward, "Library A", "Kim", "colleague")
    with building.store() as store:
        before = of(store).shares("Library A")
    refused = colleague.post(page, [("key", "0123456789abcdef0123"), ("share", "yes")]).status_code
    said = steward.fill(page, ("share", "yes"), action=page)
    told = text_of(steward.get(page).text)
    with building.store() as store:
        after = of(store).shares("Library A")
    steward.fill(page, ("share", "no"), action=page)
    with building.store() as store:
        taken_back = of(store).shares("Library A")

    assert (before, refused, said.status_code, after, taken_back) == (False, 403, 303, True, False)
    assert "Your library shares: its steward said yes on " in told
    assert [words for words in ("What", "With whom", "When", "Taking it back") if f" {words} " not in told] == []


def test_the_host_draws_once_a_quarter_and_all_who_share_see_the_same(building, monkeypatch):
    monkeypatch.setattr(nation.secrets, "randbelow", lambda below: 1 if below == 3 else 0)
    host, steward, other = building.host(), building.steward("Library A"), building.steward("Library F")
    reader = building.invited(steward, "Library A", "Example director", "reader")
    building.assessed(steward, "Library A", "The candid party")
    base = f"/l/{building.ids['Library A']}"
    steward.fill(f"{base}/nation/share", ("share", "yes"), action=f"{base}/nation/share")
    say_yes(building, "B", "C", "D")
    too_few = host.get("/host/nation").text
    say_yes(building, "E")
    drawn = host.fill("/host/nation", action="/host/nation")
    again = host.post("/host/nation", [("key", "0123456789abcdef0123")])
    shown = host.get("/host/nation").text
    pages = [(host, "/host/nation"), (steward, f"{base}/nation"), (reader, f"{base}/nation")]
    pictures = [re.findall(r'<ul class="ranges">.*?</ul>', person.get(page).text, re.S) for person, page in pages]
    outside = other.get(f"/l/{building.ids['Library F']}/nation").text

    assert '<form method="post" action="/host/nation">' not in too_few
    assert (drawn.status_code, again.status_code) == (303, 422)
    assert "between 0 and 5 of 5" in text_of(shown)
    assert pictures[0] == pictures[1] == pictures[2] != []
    assert "This library does not share" in text_of(outside)
    assert "of 5" not in text_of(outside)
    assert "candid" not in shown + outside
    assert "there is nothing of: single questions, and the marks of a good partnership" in text_of(shown)


def test_what_the_host_takes_out_is_what_is_kept_and_what_is_shown(building):
    say_yes(building, "A", "B", "C", "D", "E")
    host = building.host()
    host.fill("/host/nation", action="/host/nation")
    with building.store() as store:
        (quarter,) = of(store).quarters()
        kept = of(store).snapshot_text(quarter)
        picture = of(store).picture()
    file = host.get(f"/host/nation/{quarter}/json")
    rows = list(csv.reader(io.StringIO(host.get(f"/host/nation/{quarter}/csv").content.decode("utf-8-sig"))))
    level = picture.range_of("placement:strategic")

    assert file.text == kept
    assert json.loads(kept)["libraries"] == 5
    assert rows[:2] == [
        ["Found in a library", "At least", "At most", "Of libraries"],
        ["Strategic partnership (level 1)", str(level.low), str(level.high), "5"],
    ]
    assert [host.get(f"/host/nation/{each}").status_code for each in (f"{quarter}/xml", "2020-Q1", "2020-Q1/json")] == [
        404
    ] * 3


def test_the_host_sees_how_many_have_begun_and_are_done_and_when_they_were_last_here(building):
    host, steward = building.host(), building.steward("Library A")
    building.steward("Library B")
    building.assessed(steward, "Library A", "The candid party")
    page = host.get("/host").text

    assert "1 library has begun to answer, 1 has answered all that it listed." in text_of(page)
    assert len(re.findall(r"<td>\d{4}-\d\d-\d\d</td>", page)) == 2
    assert "candid" not in page
