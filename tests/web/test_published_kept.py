"""What a published folder keeps in its reader's browser, and what is saved: nothing acknowledged is missing."""

import json
import random
import time
from contextlib import suppress

import pytest
from web_published import Shown, Static, needs_published

pytestmark = needs_published
sync_api = pytest.importorskip("playwright.sync_api")

#: Sends notes as fast as they are acknowledged, and says which were.
SEND_NOTES = """async ([address, run]) => {
  for (let number = 0; ; number++) {
    const note = `note ${run}.${number}.`
    const body = new URLSearchParams({ key: crypto.randomUUID(), seen: "999999", note })
    const answer = await fetch(`${address}/note`, { method: "POST", body })
    if (!answer.ok) throw new Error(`${answer.status}`)
    await window.acknowledged(note)
  }
}"""
#: A picked file, as a browser gives it; the picker itself cannot be pressed by a script.
PICKS = """() => {
  const picked = async () => (await navigator.storage.getDirectory()).getFileHandle("mine.json", { create: true })
  window.showSaveFilePicker = picked
  window.showOpenFilePicker = async () => [await picked()]
}"""
READ = """async () => {
  const folder = await navigator.storage.getDirectory()
  return (await (await folder.getFileHandle("mine.json")).getFile()).text()
}"""


@pytest.fixture
def forget(visit, static: Static):
    """Have the browser forget what it kept of answers, but for the program."""

    def forgotten(types: str = "indexeddb,local_storage,file_systems") -> None:
        page = visit.new_page()
        origin = static.address.removesuffix(static.path)
        devtools = visit.new_cdp_session(page)
        devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": types})
        page.close()

    forgotten()
    return forgotten


def test_what_is_kept_in_ones_own_browser_is_there_after_the_tab_was_closed(visit, static: Static, forget):
    shown = Shown(visit.new_page(), static.address).start(mine=True)
    shown.begin()
    told = shown.said("kept"), shown.said("state")
    shown.wait_until_kept()
    shown.page.close()
    again = Shown(visit.new_page(), static.address)
    again.frame.get_by_text("Example School").first.wait_for()
    still = again.said("state")
    again.page.close()

    assert told == ("Kept in this browser.", "Not saved as a file yet.")
    assert still == "Not saved as a file yet."
    assert again.complaints == []


def test_the_second_tab_says_that_another_writes_and_goes_on_after_it(visit, static: Static, forget):
    first = Shown(visit.new_page(), static.address)
    first.page.locator("#question").wait_for()
    second = Shown(visit.new_page(), static.address)
    second.page.get_by_text("assessor is open in another window or tab").wait_for()
    shown = second.page.locator("#question").is_visible()
    first.page.close()
    second.page.locator("#question").wait_for()
    second.page.close()

    assert not shown


def test_on_a_shared_machine_nothing_is_kept_and_a_file_brings_everything_back(visit, static: Static, forget):
    shown = Shown(visit.new_page(), static.address).start()
    shown.begin()
    told = [shown.said("kept"), shown.said("state")]
    data = shown.save()
    told.append(shown.said("state"))
    shown.page.close()
    again = Shown(visit.new_page(), static.address).start()
    empty = again.frame.get_by_label("What is your library called?").is_visible()
    again.open(data)
    again.frame.get_by_text("Example School").first.wait_for()
    told.append(again.said("state"))
    again.page.close()

    assert told == ["Nothing is kept in this browser.", "Not saved as a file yet.", "", ""]
    assert empty


def test_a_picked_file_is_written_again_and_opened_beside_what_is_not_saved(visit, static: Static, forget):
    shown = Shown(visit.new_page(), static.address)
    shown.page.evaluate(PICKS)
    shown.start()
    shown.begin()
    told = []
    for party in ("Second School", "Third School"):
        shown.page.locator("#save").click()
        shown.page.get_by_text("The file holds everything up to now.").wait_for()
        written = shown.page.evaluate(READ)
        shown.frame.locator("body").evaluate("(body, base) => { body.ownerDocument.location = base }", static.address)
        shown.begin(party)
        told.append((party in written, shown.said("state")))
    shown.page.locator("#file").click()
    shown.page.get_by_text("Nothing in the file was new").wait_for()
    told.append(("Second School" in written, shown.said("state")))
    shown.page.close()

    assert told == [
        (False, "Not saved as a file yet."),
        (False, "Not saved as a file yet."),
        (True, "Not saved as a file yet."),
    ]


def test_a_file_that_cannot_be_opened_says_what_it_is_and_changes_nothing(visit, static: Static, forget):
    shown = Shown(visit.new_page(), static.address).start()
    shown.begin()
    data = shown.save()
    for each, said in (
        (b"", "there is nothing here"),
        (data[: len(data) // 2], "the file ends in the middle of something"),
        (b"{}", "this is not an export from assessor"),
        (data, "Nothing in the file was new"),
    ):
        shown.open(each)
        shown.page.locator("#told").get_by_text(said).wait_for()
    same = shown.save() == data
    state = shown.said("state")
    shown.page.close()

    assert (same, state) == (True, "")


def test_a_page_with_unsaved_answers_asks_before_it_closes(visit, static: Static, forget):
    shown = Shown(visit.new_page(), static.address).start()
    asked = []
    shown.page.on("dialog", lambda dialog: asked.append(dialog.type))
    shown.begin()
    shown.page.reload()
    shown.page.locator("#question").wait_for()
    shown.page.reload()
    shown.page.locator("#question").wait_for()
    shown.page.close()

    assert asked == ["beforeunload"]


def test_what_the_browser_has_cleared_is_told_and_the_file_is_the_way_back(visit, static: Static, forget):
    shown = Shown(visit.new_page(), static.address).start(mine=True)
    shown.begin()
    data = shown.save()
    shown.page.close()
    forget("indexeddb")
    again = Shown(visit.new_page(), static.address).wait()
    told = again.said("told")
    again.open(data)
    again.frame.get_by_text("Example School").first.wait_for()
    again.page.close()

    assert told.startswith("What was kept in this browser is gone")


def test_where_the_browser_keeps_no_more_it_is_told_and_nothing_is_lost(visit, static: Static, forget):
    shown = Shown(visit.new_page(), static.address).start(mine=True)
    forget("indexeddb")
    shown.begin()
    told = shown.said("kept")
    data = shown.save()
    shown.page.close()

    assert told == "This browser keeps no more of what you answer. Save as a file now."
    assert b"Example School" in data


def kill(visit, page) -> None:
    """End the tab's process; its last words never arrive."""
    with suppress(sync_api.Error):
        visit.new_cdp_session(page).send("Page.crash", timeout=200)


def killed(visit, static: Static, times: int) -> tuple[int, list[str]]:
    """Notes acknowledged by a tab that was killed at random moments so many times, and those of them not kept."""
    shown = Shown(visit.new_page(), static.address).start(mine=True)
    shown.begin()
    page = shown.page.evaluate("() => document.getElementById('pages').contentWindow.location.pathname")
    address = page.rpartition("/")[0]
    acknowledged: list[str] = []
    shown.page.close()
    for run in range(times):
        shown = Shown(visit.new_page(), static.address)
        shown.page.expose_function("acknowledged", lambda note: acknowledged.append(note))
        shown.wait()
        frame = next(each for each in shown.page.frames if each.parent_frame)
        frame.evaluate(f"given => {{ ({SEND_NOTES})(given) }}", [address, run])
        shown.page.wait_for_timeout(random.uniform(20, 900))
        with shown.page.expect_event("crash"):
            kill(visit, shown.page)
        shown.page.close()
    last = Shown(visit.new_page(), static.address).wait()
    data = json.dumps(json.loads(last.save()))
    last.page.close()
    return len(acknowledged), [note for note in acknowledged if note not in data]


def test_of_what_was_acknowledged_before_the_tab_was_killed_nothing_is_missing(visit, static: Static, forget):
    began = time.perf_counter()
    acknowledged, missing = killed(visit, static, 40)
    print(f"40 kills in {time.perf_counter() - began:.0f} s, {acknowledged} acknowledged, {len(missing)} missing")

    assert acknowledged > 40
    assert missing == []


@pytest.mark.campaign
def test_of_what_was_acknowledged_before_three_hundred_kills_nothing_is_missing(visit, static: Static, forget):
    acknowledged, missing = killed(visit, static, 300)
    print(f"300 kills, {acknowledged} acknowledged, {len(missing)} missing")

    assert missing == []
