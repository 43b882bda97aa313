"""A whole room by keyboard alone, from joining to closing: a participant's keys and a facilitator's."""

import pytest
from test_room_browser import CHROMIUM, chromium, given, phone, served  # noqa: F401 - fixtures
from test_room_figures import GONE_ON
from test_room_leading import kept, raters
from web_pages import SERVICE

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")]


def tab_to(page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(selector)


def join_and_answer(page, door: str) -> None:
    page.goto(door)
    tab_to(page, ".joining button.main")
    page.keyboard.press("Enter")
    page.wait_for_url("**/gut")
    for key in ("ArrowDown", "ArrowRight"):  # which choose nothing by accident
        tab_to(page, "button.target")
        page.keyboard.press(key)
    page.keyboard.press("Shift+Tab")
    tab_to(page, "button.target")
    page.keyboard.press("Enter")
    page.locator("button.target[aria-pressed=true]").wait_for()
    tab_to(page, ".at-thumb button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/q/*")
    while "/q/" in page.url:
        item = page.url.rpartition("/")[2]
        tab_to(page, f"button.tap[value='{SERVICE[item]}']")
        page.keyboard.press("Enter")
        page.wait_for_function("before => !location.href.endsWith(before)", arg=f"/{item}")


def test_by_keyboard_alone_a_room_is_joined_led_and_closed(phone, served, room):  # noqa: F811
    lead, one = phone(viewport={"width": 1024, "height": 768}, has_touch=False).page, phone(has_touch=False)
    lead.goto(f"{one.url}/lead/{room.secret}")
    lead.wait_for_url("**/w/*")
    join_and_answer(one.page, one.url + room.door)
    with served.house.store_worker.paused():
        answers = given(room)
        raters(room, 5, {"agreement": "none"}, 2)
    lead.reload()
    for press in range(20):
        beat = lead.locator("#go").get_attribute("data-stamp")
        lead.keyboard.press("ArrowRight")
        lead.wait_for_function(GONE_ON, arg=beat)
        if press == 3:
            lead.keyboard.press("d")
            lead.keyboard.type("The school bought it →")
            tab_to(lead, "#dissent button")
            lead.keyboard.press("Enter")
            lead.get_by_text("Added.").wait_for()
        if lead.url.endswith("/end"):
            break
    tab_to(lead, "#sure")
    lead.keyboard.press("Space")
    tab_to(lead, "main form button.main")
    lead.keyboard.press("Enter")
    lead.locator("a[href$='report.pdf']").wait_for()
    with served.house.store_worker.paused():
        told = kept(room)

    assert [set(each.items()) <= set(SERVICE.items()) for each in answers] == [True]
    assert told.closed is not None
    assert tuple(told.agreed) == room.collaborations
    assert list(told.dissents.values()) == [("The school bought it →",)]
