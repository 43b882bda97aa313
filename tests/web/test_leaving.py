"""The ways out: a phone that is left, a browser that stops leading, and what closing takes from those who led."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from web_pages import sheet
from web_rooms import Building, Opened

from assessor.bank import LatestBank, open_bank
from assessor.resources import templates_folder
from assessor.store import Store
from assessor.usecases.assessments import new_key
from assessor.usecases.facilitating import Facilitation, browser_id
from assessor.web.http.store_worker import StoreWorker
from assessor.web.workshop import live_updates
from assessor.web.workshop.live_updates import LiveUpdates, Subscriber

NOTE = "A <candid> thought"


def ended(answer) -> set[str]:
    """Names of the cookies that an answer deletes."""
    return {
        header.partition("=")[0] for header in answer.headers.get_list("set-cookie") if "max-age=0" in header.lower()
    }


def test_a_phone_that_is_left_is_out_at_the_server_and_its_answers_stay(building: Building, room: Opened):
    member = building.participant(room)
    of = building.answered(member, room.collaborations[0])
    member.fill(f"{of}/verdict", ("note", NOTE), action=f"{of}/note")
    copied = dict(member.client.cookies)
    asked, told = member.get("/leave"), member.fill("/leave")
    thief = building.browser()
    thief.client.cookies.update(copied)
    pages = ("/", of, f"{of}/q/creation", f"{of}/check", f"{of}/verdict", "/phone", "/leave")

    assert "Your answers stay in the workshop and count as before." in asked.text
    assert (told.status_code, "Your answers stay in the workshop." in told.text) == (200, True)
    assert "assessor-8720" in ended(told)
    assert [thief.get(page).status_code for page in pages] == [200, *[401] * (len(pages) - 1)]
    assert "candid" not in "".join(thief.get(page).text for page in pages)
    building.house.store_worker.release()
    with Store.open(write=False) as store:
        (kept,) = store.assessments_in_workshop(room.workshop.id)
    assert (kept.notes[""], len(kept.responses)) == (NOTE, 15)


def test_leaving_ends_a_link_that_was_made_on_the_phone(building: Building, room: Opened):
    member = building.participant(room)
    link = sheet(member.fill("/phone").text).text.partition("/go/")[2].split()[0]
    member.fill("/leave")

    assert building.browser().get(f"/go/{link}").status_code == 404


def test_who_leaves_is_not_taken_for_a_paper_form(building: Building, room: Opened):
    building.participant(room).fill("/leave")

    assert "Enter answers" not in building.leader(room).get(f"/w/{room.workshop.id}/people").text


def second_leader(building: Building, room: Opened):
    building.house.store_worker.release()
    with Store.open() as store:
        secret = Facilitation(store, open_bank("dokk1")).renew_secret(room.workshop.id)
    person = building.browser()
    assert person.fill(f"/lead/{secret}").status_code == 303
    return person


def test_a_browser_that_stops_leading_is_out_and_another_goes_on(building: Building, room: Opened):
    first, second = building.leader(room), second_leader(building, room)
    base = f"/w/{room.workshop.id}"
    copied = dict(first.client.cookies)
    told = first.fill(f"{base}/leave", action=f"{base}/leave")
    thief = building.browser()
    thief.client.cookies.update(copied)

    assert f"assessor-lead-8720-{room.workshop.id}" in ended(told)
    assert [each.get(base).status_code for each in (thief, second)] == [401, 200]


def test_closing_leaves_one_browser_the_report_and_nobody_the_people(building: Building, room: Opened):
    first, second = building.leader(room), second_leader(building, room)
    base = f"/w/{room.workshop.id}"
    paper = first.post(f"{base}/people", [("key", new_key()), ("name", "Sam")]).headers["location"]
    first.post(f"{paper}/c/{room.collaborations[0]}", [("key", new_key()), ("seen", "0"), ("creation", "joint")])
    building.house.store_worker.release()
    with Store.open(write=False) as store:
        of = f"{base}/a/{store.assessments_by_respondent(paper.rpartition('/')[2])[0].id}"
    first.post(f"{of}/q/creation", [("key", new_key()), ("seen", "9"), ("response", "joint"), ("note", NOTE)])
    building.house.store_worker.release()
    with Store.open() as store:
        unspent = Facilitation(store, open_bank("dokk1")).renew_secret(room.workshop.id)
    before = [first.get(page).status_code for page in (f"{base}/people", paper, f"{of}/check")]
    first.post(f"{base}/end", [("key", new_key()), ("sure", "yes")])
    withdrawn = [f"{base}/people", paper, f"{of}/check", f"{of}/q/creation", f"{of}/verdict"]
    kept = [base, f"{base}/end", f"{base}/board", f"{base}/data.json", f"{base}/erase"]

    assert before == [200, 200, 200]
    assert [first.get(page).status_code for page in withdrawn] == [403, 403, 404, 404, 404]
    assert [first.get(page).status_code for page in kept] == [200] * 5
    assert "Sam" not in "".join(first.get(page).text for page in (*withdrawn, *kept))
    assert [second.get(page).status_code for page in (base, f"{base}/end", f"{base}/report.pdf")] == [401] * 3
    assert building.browser().get(f"/lead/{unspent}").status_code == 404


def test_closing_on_the_command_line_withdraws_every_browser(building: Building, room: Opened):
    leader = building.leader(room)
    building.house.store_worker.release()
    with Store.open() as store:
        Facilitation(store, open_bank("dokk1")).close(room.workshop.id, new_key())

    assert leader.get(f"/w/{room.workshop.id}").status_code == 401


def test_an_open_stream_ends_for_a_browser_that_is_withdrawn_and_goes_on_for_another(room: Opened, monkeypatch):
    monkeypatch.setattr(live_updates, "POLL_SECONDS", 0.05)
    worker, hall = StoreWorker(Store.open, idle_seconds=None), LiveUpdates()

    def stream(browser: str) -> AsyncIterator[bytes]:
        ear = Subscriber(
            render=lambda found: found.workshop.stage,
            cache_key=("test",),
            immediate=True,
            may_listen=lambda found: browser in found.workshop.browsers,
        )
        how = {"person": browser, "max_streams": 2, "subscriber": ear}
        return hall.stream_events(worker, LatestBank(open_bank("dokk1")), room.workshop.id, **how)

    async def run() -> list[list[bytes]]:
        _shop, first = await worker.run(lambda store: _lead(store, room.secret))
        secret = await worker.run(lambda store: _facilitation(store).renew_secret(room.workshop.id))
        _shop, second = await worker.run(lambda store: _lead(store, secret))
        streams = [stream(browser_id(token)) for token in (first, second)]
        heard = [[await anext(each), await anext(each)] for each in streams]
        await worker.run(lambda store: _facilitation(store).close(room.workshop.id, new_key(), second))
        heard[0] += [event async for event in streams[0]]
        heard[1] += [await anext(streams[1])]
        await streams[1].aclose()
        return heard

    first, second = asyncio.run(run())
    worker.shut_down()

    assert (b"event: gone" in first[-1], any(b"closed" in event for event in first)) == (True, False)
    assert b"data: closed" in second[-1]


def _facilitation(store: Store) -> Facilitation:
    return Facilitation(store, open_bank("dokk1"))


def _lead(store: Store, secret: str):
    return _facilitation(store).redeem_secret(secret)


#: Decided here, by a person: fields that a browser may fill in and remember.
REMEMBERED = {("welcome.html.j2", "name")}


@pytest.mark.parametrize("template", sorted(templates_folder().glob("web/*.j2")), ids=lambda path: path.name)
def test_no_browser_remembers_what_is_typed(template):
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    fields = [dict(re.findall(r'([a-z-]+)="([^"]*)"', tag)) for tag in re.findall(r"<(?:textarea|input)\b[^>]*>", text)]
    # A file's field has no such attribute of its own: its form has it, where it stands in one.
    files = re.findall(r"<form\b[^>]*multipart/form-data[^>]*>", text)
    assert [form for form in files if 'autocomplete="off"' not in form] == []
    typed = [field for field in fields if field.get("type", "text") not in ("hidden", "radio", "checkbox", "")]
    remembered = {(template.name, field["name"]) for field in typed if field.get("autocomplete") != "off"}
    remembered -= {(template.name, field["name"]) for field in typed if field.get("type") == "file"}

    assert remembered <= REMEMBERED
