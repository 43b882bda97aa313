"""The interview as pages: what is given is kept once, kept together, and kept from being blanked."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from web_pages import LIBRARY, SERVICE, sheet

from assessor.bank import LatestBank, open_bank
from assessor.core.responses import PlannedStep
from assessor.store import Store
from assessor.usecases.assessments import Assessments
from assessor.web.http.roles import Role


def kept(store):
    with store() as found:
        return found.assessments(library=LIBRARY)[-1]


def heading(page) -> str:
    return re.search("<h1>(.*?)</h1>", page.text, re.DOTALL).group(1).strip()


def test_a_whole_collaboration_is_assessed(owner, answered, store):
    verdict = owner.get(f"{answered}/verdict")
    assessment = kept(store)

    assert assessment.responses == SERVICE
    assert (assessment.gut, assessment.wanted, assessment.gains) == ("network", "service", ())
    assert heading(verdict) == "Service-based partnership"
    for told in (
        "The gut feeling said a network cooperation; talk about which",
        "The library wants it exactly where it is.",
        "The way up",
    ):
        assert told in verdict.text


def test_each_step_leads_to_the_next(owner, begun):
    def next_after(page, response):
        return owner.fill(page, ("response", response)).headers["location"].removeprefix(begun)

    assert owner.get(begun).headers["location"] == f"{begun}/gut"
    assert next_after(f"{begun}/gut", "dont_know") == "/mode"
    assert next_after(f"{begun}/mode", "full") == "/q/creation"
    assert next_after(f"{begun}/q/creation", "joint") == "/q/contribution"
    assert f'href="{begun}/q/creation"' in owner.get(f"{begun}/q/contribution").text  # Back


def test_nothing_is_chosen_beforehand(owner, begun):
    for step in ("gut", "wanted", "mode", "q/creation", "gains"):
        tags = sheet(owner.get(f"{begun}/{step}").text).tags

        assert [given for tag, given in tags if tag == "input" and "checked" in given] == []


def test_an_item_is_the_heading_of_its_page_and_of_its_choices(owner, begun):
    page = owner.get(f"{begun}/q/creation").text

    assert re.search(r"<fieldset[^>]*>\s*<legend><h1>[^<]+</h1></legend>", page)
    assert page.count("<h1>") == 1


def test_going_on_without_a_choice_says_so_and_keeps_the_note(owner, begun, store):
    told = owner.fill(f"{begun}/q/creation", ("note", "Half a <thought>"))

    assert told.status_code == 422
    assert 'role="alert"' in told.text
    assert "Half a &lt;thought&gt;</textarea>" in told.text
    assert kept(store).history == ()


def given_on(page: str) -> list[str | None]:
    """What a page shows as chosen."""
    return [
        given["value"] for tag, given in sheet(page).tags if tag == "button" and "given" in (given.get("class") or "")
    ]


def test_a_note_that_cannot_be_kept_keeps_the_choice_on_the_page_and_nothing_in_the_store(owner, begun, store):
    told = owner.fill(f"{begun}/q/creation", ("response", "joint"), ("note", "a" * 4_001))

    assert told.status_code == 422
    assert given_on(told.text) == ["joint"]
    assert "a" * 4_001 in told.text
    assert kept(store).history == ()


def test_the_same_sent_ten_times_at_once_is_kept_once_and_answered_alike(owner, begun, store):
    form = sheet(owner.get(f"{begun}/q/creation").text).forms[-1]
    fields = [*form["fields"], ("response", "joint"), ("note", "Once")]
    with ThreadPoolExecutor(10) as ten:
        told = list(ten.map(lambda _: owner.post(form["action"], fields), range(10)))

    assert {(each.status_code, each.headers["location"]) for each in told} == {(303, told[0].headers["location"])}
    assert [(entry.kind, entry.value) for entry in kept(store).history] == [("response", "joint"), ("note", "Once")]


def test_the_same_sent_again_after_the_server_began_anew_is_kept_once(owner, visitor, begun, store):
    form = sheet(owner.get(f"{begun}/q/creation").text).forms[-1]
    fields = [*form["fields"], ("response", "joint")]
    first = owner.post(form["action"], fields)
    again = visitor(Role.OWNER).post(form["action"], fields)  # a session that remembers nothing

    assert first.headers["location"] == again.headers["location"]
    assert len(kept(store).history) == 1


def test_an_older_answer_that_arrives_late_does_not_win(owner, begun, store):
    older = sheet(owner.get(f"{begun}/q/creation").text).forms[-1]
    owner.fill(f"{begun}/q/creation", ("response", "joint"))
    told = owner.post(older["action"], [*older["fields"], ("response", "ready")])

    assert told.status_code == 409
    assert "You had chosen: Comes ready-made" in told.text
    assert kept(store).responses == {"creation": "joint"}


def test_a_form_that_blanks_what_is_kept_changes_nothing(owner, begun, store):
    owner.fill(f"{begun}/q/creation", ("response", "joint"), ("note", "To be kept"))
    form = sheet(owner.get(f"{begun}/q/creation").text).forms[-1]
    hidden = [(name, value) for name, value in form["fields"] if name in ("key", "seen")]
    owner.post(form["action"], hidden)
    owner.post(form["action"], [*hidden, ("response", ""), ("note", "  ")])

    assert (kept(store).responses, kept(store).notes) == ({"creation": "joint"}, {"creation": "To be kept"})


def test_a_note_is_removed_only_by_the_tick_beside_it(owner, begun, store):
    owner.fill(f"{begun}/q/creation", ("response", "joint"), ("note", "To go"))
    owner.fill(f"{begun}/q/creation", ("note", "To go"), ("withdraw", "yes"))

    assert (kept(store).responses, kept(store).notes) == ({"creation": "joint"}, {})


def test_help_on_a_question_gives_an_example_and_its_source_in_both_languages(owner, begun):
    story = open_bank("dokk1").wording("en").items["creation"].story
    page = html.unescape(owner.get(f"{begun}/q/creation").text)

    assert story.text in page
    assert f"There the answer is “Both shape it, and neither could have done it alone”. {story.why}" in page
    assert "“Dokk1's definition of partnership”" in page
    assert '<span lang="sv">“Dokk1:s definition av partnerskap”, Partnerskabsstrategi' in page


def test_gains_are_taken_back_only_in_so_many_words(owner, begun, store):
    owner.fill(f"{begun}/gains", ("response", "resources"), ("response", "ideas"))
    nothing = owner.post(f"{begun}/gains", [("key", "0123456789abcdef0123"), ("seen", "9")])
    both = owner.post(
        f"{begun}/gains", [("key", "0123456789abcdef0124"), ("response", "ideas"), ("response", "<none>")]
    )

    assert (nothing.status_code, both.status_code) == (422, 422)
    assert len(kept(store).gains) == 2

    owner.post(f"{begun}/gains", [("key", "0123456789abcdef0125"), ("seen", "9"), ("response", "<none>")])

    assert kept(store).gains == ()


def test_what_is_begun_here_goes_on_at_the_keyboard_and_the_other_way_round(owner, begun, house):
    owner.fill(f"{begun}/gut", ("response", "network"))
    owner.fill(f"{begun}/mode", ("response", "full"))
    owner.fill(f"{begun}/q/creation", ("response", "joint"))
    house.store_worker.release()  # as when nobody asked for a while
    with Store.open() as at_the_keyboard:
        use = Assessments(at_the_keyboard, LIBRARY, open_bank("dokk1"))
        opened = use.latest_unfinished()
        use.respond(opened, "contribution", "both", "typed")

    assert owner.get(begun).headers["location"] == f"{begun}/q/benefit"


def test_somebody_at_the_keyboard_is_told_of_and_nothing_is_lost(owner, begun, house, monkeypatch):
    form = sheet(owner.get(f"{begun}/q/creation").text).forms[-1]
    house.store_worker.release()
    monkeypatch.setattr("assessor.store.writer_lock.LOCK_TIMEOUT", 0.1)
    fields = [*form["fields"], ("response", "joint"), ("note", "A thought")]
    with Store.open():
        busy = owner.post(form["action"], fields)
    again = re.findall('<input type="hidden" name="(.*?)" value="(.*?)">', busy.text)

    assert busy.status_code == 503
    assert "is in use by pid" in busy.text
    assert [each for each in again if each[0] in ("key", "response", "note")] == [
        each for each in fields if each[0] in ("key", "response", "note")
    ]
    assert owner.post(form["action"], again).status_code == 303


def test_changing_an_answer_leads_back_to_where_it_was_changed(owner, answered):
    from_check = owner.fill(f"{answered}/q/track?then=check", ("response", "no"))
    from_verdict = owner.fill(f"{answered}/q/track?then=verdict", ("response", "success"))
    elsewhere = owner.fill(f"{answered}/q/track?then=//evil.example", ("response", "some"))

    assert [each.headers["location"] for each in (from_check, from_verdict, elsewhere)] == [
        f"{answered}/check",
        f"{answered}/verdict",
        f"{answered}/check",
    ]


def test_a_change_that_opens_an_item_asks_it(owner, answered):
    told = owner.fill(f"{answered}/q/payment?then=check", ("response", "we_pay"))

    assert told.headers["location"] == f"{answered}/q/price"


def test_an_item_that_does_not_apply_is_no_page(owner, answered):
    assert owner.get(f"{answered}/q/price").status_code == 404


def test_short_mode_asks_only_what_matters(owner, begun):
    owner.fill(f"{begun}/gut", ("response", "dont_know"))
    owner.fill(f"{begun}/wanted", ("response", "dont_know"))
    told = owner.fill(f"{begun}/mode", ("response", "short"))
    asked = 0
    while "/q/" in told.headers["location"]:
        item = told.headers["location"].rpartition("/")[2]
        told = owner.fill(f"{begun}/q/{item}", ("response", {**SERVICE, "price": "cost"}[item]))
        asked += 1

    assert 3 <= asked <= 13


def test_a_change_that_opens_another_question_says_why_it_is_asked(owner, answered):
    told = owner.fill(f"{answered}/q/payment?then=check", ("response", "we_pay"))
    page = owner.get(told.headers["location"]).text

    assert told.headers["location"] == f"{answered}/q/price"
    assert "What you changed makes this question count." in page


def test_a_collaboration_is_renamed(owner, answered, store):
    id_ = kept(store).collaboration.id
    owner.fill(f"/c/{id_}/rename", ("party", "Example Choir"), ("undertaking", "Songs"))
    taken = owner.fill(f"/c/{id_}/rename", ("party", "  "), ("undertaking", "Songs"))

    assert kept(store).collaboration.name == "Example Choir · Songs"
    assert taken.status_code == 422


def test_erasing_asks_first_and_leaves_no_trace(owner, answered, store, home):
    id_, given = kept(store).collaboration.id, len(kept(store).responses)
    unsure = owner.fill(f"/c/{id_}/erase")
    done = owner.fill(f"/c/{id_}/erase", ("sure", "yes"))
    with store() as found:
        left = found.collaborations(LIBRARY)

    assert (unsure.status_code, done.headers["location"], left) == (422, "/", ())
    assert f"<p>{given} answers</p>" in unsure.text
    assert "Erased for good." in owner.get("/").text
    assert b"Evenings" not in b"".join(path.read_bytes() for path in home.glob("assessor.db*"))


def test_beginning_anew_keeps_the_earlier_assessment(owner, answered, store):
    id_ = kept(store).collaboration.id
    fields = [("key", "0123456789abcdef0123")]
    anew, again = (owner.post(f"/c/{id_}/begin", fields).headers["location"] for _ in range(2))
    with store() as found:
        assert len(found.assessments(id_)) == 2

    assert anew == again != answered


def test_the_language_is_the_browsers_until_chosen(owner, begun):
    swedish = owner.get("/", headers={"accept-language": "sv-FI,sv;q=0.9,en;q=0.8"}).text
    owner.post("/language?to=/", [("key", "0123456789abcdef0123"), ("language", "sv")])
    chosen = owner.get(f"{begun}/q/creation", headers={"accept-language": "en"}).text

    assert '<html lang="sv-FI">' in swedish
    assert "Vet inte" in chosen


@pytest.mark.parametrize(
    ("wished", "spoken"),
    [("nn-NO,nn;q=0.9,en;q=0.5", "nb"), ("no", "nb"), ("da-DK", "da"), ("fi-FI;q=1", "fi"), ("de, en-GB", "en")],
)
def test_a_browser_is_spoken_to_in_the_nearest_of_our_languages(owner, wished, spoken):
    assert f'<html lang="{spoken}">' in owner.get("/", headers={"accept-language": wished}).text


def test_every_other_language_is_offered_by_its_own_name(owner, begun):
    buttons = re.findall(r'value="(\w+)" lang="([\w-]+)".*?>([^<]+)</button>', owner.get(f"{begun}/q/creation").text)

    assert buttons == [
        ("sv", "sv", "Svenska"),
        ("sv_FI", "sv-FI", "Svenska (Finland)"),
        ("fi", "fi", "Suomi"),
        ("da", "da", "Dansk"),
        ("nb", "nb", "Norsk bokmål"),
    ]


def test_what_is_typed_goes_along_into_another_language_and_is_still_not_saved(owner, begun, store):
    page = f"{begun}/q/creation"
    fields = sheet(owner.get(page).text).forms[1]["fields"]
    typed = [("note", "Två rader\när kvar"), ("language", "fi")]
    told = owner.post(f"/language?to={page}", [*fields, *typed])
    finnish, again = (owner.get(told.headers["location"]).text for _ in range(2))

    assert '<html lang="fi">' in finnish
    assert "Två rader\när kvar</textarea>" in finnish
    assert "Två rader" not in again
    assert kept(store).responses == {}
    assert owner.fill(page, ("response", "joint")).status_code == 303


def test_a_new_collaborations_names_go_along_into_another_language(owner):
    fields = [("key", "0123456789abcdef0123"), ("party", "Å & Ö"), ("undertaking", "Š"), ("language", "da")]
    owner.post("/language?to=/new", fields)
    danish = owner.get("/new").text

    assert 'value="Å &amp; Ö"' in danish
    assert 'value="Š"' in danish


def test_what_was_answered_elsewhere_meanwhile_is_told_also_after_another_language(owner, begun, store):
    page = f"{begun}/q/creation"
    fields = sheet(owner.get(page).text).forms[1]["fields"]
    owner.fill(page, ("response", "ready"))
    owner.post(f"/language?to={page}", [*fields, ("response", "joint"), ("language", "nb")])
    told = owner.fill(page, ("response", "joint"))

    assert told.status_code == 409
    assert kept(store).responses == {"creation": "ready"}


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "", "evil"])
def test_the_language_leads_nowhere_else(owner, begun, to):
    told = owner.post(f"/language?{urlencode({'to': to})}", [("key", "0123456789abcdef0123"), ("language", "sv")])

    assert told.status_code == 404


def test_the_report_is_handed_over_as_a_file(owner, answered):
    told = owner.get("/report.pdf")

    assert (told.status_code, told.headers["content-type"]) == (200, "application/pdf")
    assert told.content.startswith(b"%PDF")
    assert "attachment" in told.headers["content-disposition"]


def test_the_first_page_is_small(owner, answered):
    page, style = owner.get("/"), owner.get("/look/pages.css")

    assert len(page.content) + len(style.content) < 40 * 1024
    assert [given["rel"] for tag, given in sheet(page.text).tags if tag == "link" and given["rel"] == "stylesheet"] == [
        "stylesheet"
    ]


def test_what_was_typed_outlives_the_session(owner, visitor, begun, house, store):
    form = sheet(owner.get(f"{begun}/q/creation").text).forms[-1]
    house.sessions.end_all_sessions()  # as when the program was started anew
    refused = owner.post(form["action"], [*form["fields"], ("response", "joint"), ("note", "A long thought")])
    again = re.findall('<input type="hidden" name="(.*?)" value="(.*?)">', refused.text)
    sent = visitor(Role.OWNER).post(form["action"], again)

    assert (refused.status_code, sent.status_code) == (401, 303)
    assert "A long thought" in refused.text
    assert (kept(store).responses, kept(store).notes) == ({"creation": "joint"}, {"creation": "A long thought"})


@pytest.mark.parametrize("name", ["dokk1", "winwin"])
def test_every_bank_is_asked_to_its_end(name, house, home, store):
    from starlette.testclient import TestClient
    from web_pages import Person

    from assessor import bank
    from assessor.web.app import create_app
    from assessor.web.http.request_context import ServerConfig
    from assessor.web.http.sessions import Session
    from assessor.web.services import Services

    other = Services(
        ServerConfig(bank=LatestBank(open_bank(name)), default_language="sv"), house.store_worker, house.sessions
    )
    with TestClient(create_app(other), base_url="http://localhost", follow_redirects=False) as client:
        client.cookies.set(
            other.owner_cookie, house.sessions.start_session(Session(role=Role.OWNER)), domain="localhost.local"
        )
        person, instrument = Person(client), bank.open_bank(name).instrument
        person.fill("/", ("name", LIBRARY))
        begun = person.fill("/new", ("party", "Example School")).headers["location"]
        told = person.get(begun)
        steps = []
        while not told.headers["location"].endswith("/check"):
            page = told.headers["location"]
            steps.append(page.removeprefix(f"{begun}/"))
            item = instrument.by_id.get(page.rpartition("/q/")[2])
            given = item.options[-1] if item else "full" if page.endswith("/mode") else "dont_know"
            given = {"gains": "<none>", "goal": "<leave>"}.get(page.rpartition("/")[2], given)
            told = person.fill(page, ("response", given))
            if "/fit/" in told.headers["location"]:
                told = person.get(begun)  # the answers stand
        pages = [person.get(path).status_code for path in ("/", f"{begun}/check", f"{begun}/verdict")]

    asked = [step.removeprefix("q/") for step in steps if step.startswith("q/")]
    assert pages == [200, 200, 200]
    assert steps[0] == "gut"
    assert set(asked) == set(kept(store).responses)


def test_when_the_paper_ends_and_the_goal_are_asked_right_after_their_answers_and_may_be_left(owner, answered, store):
    def next_after(page, *fields):
        told = owner.fill(f"{answered}/{page}", *fields)
        return told.headers.get("location", told.status_code)

    assert next_after("q/agreement", ("response", "agreement")) == f"{answered}/ends/agreement"
    assert next_after("ends/agreement", ("typed", "soon")) == 422
    assert next_after("ends/agreement", ("typed", "6/2027")) == f"{answered}/check"
    assert next_after("q/strategy", ("response", "goal")) == f"{answered}/goal"
    assert next_after("goal", ("typed", "All children read")) == f"{answered}/check"
    check = owner.get(f"{answered}/check").text
    assert "June 2027" in check
    assert "All children read" in check
    assert kept(store).ends == {"agreement": "2027-06"}

    assert next_after("ends/agreement", ("response", "<leave>")) == f"{answered}/check"
    assert kept(store).ends == {}
    with store() as found:
        assert found.profiles.get(LIBRARY).goals == {kept(store).goal: "All children read"}


def test_a_paper_or_a_goal_that_the_answers_do_not_tell_of_is_no_page(owner, answered):
    owner.fill(f"{answered}/q/agreement", ("response", "none"))

    assert [owner.get(f"{answered}/{page}").status_code for page in ("ends/agreement", "ends/scope", "goal")] == [
        404
    ] * 3


def test_the_next_step_and_the_note_to_quote_are_kept_from_the_verdict_page(owner, answered, store):
    owner.post(f"{answered}/note", [("key", "0123456789abcdef0123"), ("note", "They <b>sing</b>.")])
    owner.post(
        f"{answered}/step",
        [("key", "0123456789abcdef0124"), ("step", "agreement"), ("what", "Meet"), ("who", "Åsa"), ("when", "6/2027")],
    )
    owner.post(f"{answered}/quotation", [("key", "0123456789abcdef0125"), ("response", "n")])
    page = owner.get(f"{answered}/verdict").text

    assert kept(store).steps == (PlannedStep(id="agreement", what="Meet", who="Åsa", when="2027-06"),)
    assert kept(store).quoted == {"": True}
    assert "They &lt;b&gt;sing&lt;/b&gt;." in page
    assert 'value="Åsa"' in page
    owner.post(f"{answered}/quotation", [("key", "0123456789abcdef0126"), ("response", "")])
    assert kept(store).quoted == {"": False}


def test_what_is_wanted_is_asked_on_the_page_of_the_verdict_until_it_is_said(owner, begun):
    for item, option in SERVICE.items():
        owner.fill(f"{begun}/q/{item}", ("response", option))
    owner.fill(f"{begun}/gains", ("response", "<none>"))

    assert "Say what it should be" in owner.get(f"{begun}/verdict").text
    told = owner.fill(f"{begun}/wanted?then=verdict", ("response", "dont_know"))
    assert told.headers["location"] == f"{begun}/verdict"
    assert "Say what it should be" not in owner.get(f"{begun}/verdict").text


def test_any_placement_may_be_wanted(owner, answered, store):
    owner.fill(f"{answered}/wanted?then=verdict", ("response", "strategic"))
    before = proposed(owner.get(f"{answered}/verdict"))
    owner.fill(f"{answered}/wanted?then=verdict", ("response", "supplier"))
    verdict = owner.get(f"{answered}/verdict")

    assert kept(store).wanted == "supplier"
    assert "The way up" not in verdict.text
    assert (before != "", proposed(verdict)) == (True, "")  # what is to stay so is not advised to become more


def proposed(page) -> str:
    """What stands in the field for the next step."""
    return next(given["value"] for tag, given in sheet(page.text).tags if given.get("name") == "what")


def test_answers_that_hardly_fit_are_asked_about_at_once_and_let_stand(owner, begun):
    for step, response in (("gut", "dont_know"), ("mode", "full"), ("q/activity", "recurring")):
        owner.fill(f"{begun}/{step}", ("response", response))
    told = owner.fill(f"{begun}/q/scope", ("response", "nothing"))
    asked = owner.get(told.headers["location"])

    assert told.headers["location"] == f"{begun}/fit/scope"
    assert heading(asked) == "Something going on, or nothing?"
    assert re.findall(r"<dd>(.*?)</dd>", asked.text) == ["Recurring", "Nothing"]
    assert f'href="{begun}/q/activity"' in asked.text
    assert f'<a class="button main" href="{begun}/q/creation">Keep these answers as they are</a>' in asked.text
    assert "Something going on, or nothing?" in owner.get(f"{begun}/check").text
    assert owner.fill(f"{begun}/q/scope", ("response", "nothing")).headers["location"] == f"{begun}/q/creation"


def test_a_change_from_the_check_page_asks_back_and_leads_there_again(owner, answered):
    told = owner.fill(f"{answered}/q/scope?then=check", ("response", "nothing"))
    asked = owner.get(told.headers["location"])
    mended = owner.fill(f"{answered}/q/activity?then=check", ("response", "nothing"))

    assert told.headers["location"] == f"{answered}/fit/scope?then=check"
    assert f'href="{answered}/check">Keep' in asked.text
    assert f'href="{answered}/q/activity?then=check"' in asked.text
    assert mended.headers["location"] == f"{answered}/check"
    assert owner.get(f"{answered}/fit/scope?then=check").headers["location"] == f"{answered}/check"


def test_a_second_collaboration_is_offered_only_on_the_signals_that_mean_it(owner, answered):
    split = "Split it in two"
    for item, response in (("scope", "nothing"), ("agreement", "agreement")):
        owner.fill(f"{answered}/q/{item}", ("response", response))
    beside = owner.get(f"{answered}/verdict").text
    for item, response in (("payment", "we_pay"), ("price", "mixed")):
        owner.fill(f"{answered}/q/{item}", ("response", response))

    assert "Something going on, or nothing?" in beside
    assert (split in beside, split in owner.get(f"{answered}/verdict").text) == (False, True)


def test_what_two_copies_say_differently_stands_on_the_pages_until_it_is_answered_again(home, visitor):
    bank = open_bank("dokk1")
    with Store.open(create=True) as store:
        id_ = store.begin_assessment(
            store.add_collaboration(LIBRARY, "Example School").id, bank.instrument, bank.snapshot
        )
        for item, option in SERVICE.items():
            store.record_entry(id_, "response", item, option, key=f"k{item}")
        store.record_entry(id_, "response", "payment", "we_pay", replaces=())
        store.record_entry(id_, "note", "payment", "Ours")
        store.record_entry(id_, "note", "payment", "Theirs", replaces=())
    owner = visitor(Role.OWNER)

    def told() -> list[int]:
        pages = [owner.get(f"/a/{id_}/{page}").text for page in ("verdict", "check", "q/payment")]
        return [page.count("We pay") + page.count("“Ours”") for page in pages if "Answered in two ways" in page]

    before = told()
    owner.fill(f"/a/{id_}/q/payment", ("response", "none"), ("note", "Theirs"))

    assert [found > 0 for found in before] == [True] * 3
    assert told() == []
    with Store.open(write=False) as found:
        kept_now = found.assessment(id_)
    assert (kept_now.responses["payment"], kept_now.notes["payment"]) == ("none", "Theirs")
