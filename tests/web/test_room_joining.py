"""How somebody comes into a workshop, and who does not: looking changes nothing, guessing is cut short, secrets open
once, and a message says what happened."""

import html
import logging
import sqlite3
from contextlib import closing
from time import monotonic

import pytest
from web_pages import OURS, sheet
from web_rooms import HOSTED, Building, Opened, house, opened

from assessor import bank
from assessor.bank import open_bank
from assessor.store import Store
from assessor.store.store import default_path
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.workshop_secrets import hash_secret
from assessor.usecases.workshops import Workshops
from assessor.web.http import rate_limit


def state() -> str:
    with Store.open(write=False) as store:
        return store.content_hash()


def facilitation(act):
    """What `act` gives, done by somebody else than the pages."""
    with Store.open() as store:
        return act(Facilitation(store, open_bank("dokk1")))


def respondents(of: Opened) -> list[str]:
    with Store.open(write=False) as store:
        return [each.name for each in store.workshops.respondents(of.workshop.id)]


def _only_respondent(of: Opened) -> str:
    with Store.open(write=False) as store:
        return store.workshops.respondents(of.workshop.id)[0].id


@pytest.fixture
def alone(room, building):
    """Lets go of the store, so that the test can do what somebody else would."""
    return building.house.store_worker.release


def test_joining_takes_a_form_and_gives_a_cookie_that_no_script_reads(building, room):
    somebody = building.browser()
    told = somebody.fill(room.door, ("name", "Sam"))

    cookie = told.headers["set-cookie"]
    assert (told.status_code, told.headers["location"]) == (303, "/gut")
    assert cookie.split("; ", 1)[1] == "HttpOnly; Max-Age=12960000; Path=/; SameSite=lax"
    assert cookie.startswith("assessor-8720=")
    assert respondents(room) == ["Sam"]


def test_behind_https_the_cookie_cannot_be_planted_by_another_host(room):
    there = Building(house(HOSTED))
    with there.first:
        cookie = there.browser().fill(room.door).headers["set-cookie"]

    assert cookie.split("; ", 1)[1] == "HttpOnly; Max-Age=12960000; Path=/; SameSite=lax; Secure"
    assert cookie.startswith("__Host-assessor=")


@pytest.mark.parametrize("headers", [{}, {"sec-purpose": "prefetch;prerender"}, {"user-agent": "PreviewBot"}])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_any_link_joins_moves_and_counts_nothing(building, room, alone, method, headers):
    one = building.participant(room)
    link = sheet(one.fill("/phone").text).text.split("/go/")[1].split()[0]
    alone()
    invited = facilitation(lambda of: of.invite_party(room.workshop.id, room.collaborations[0], "k" * 20))
    before = state()
    for address in (room.door, f"/p/{invited}", f"/go/{link}", f"/lead/{room.secret}", "/"):
        told = building.browser().client.request(method, address, headers=headers)

        assert told.status_code == 200
        assert "set-cookie" not in told.headers
    alone()

    assert state() == before


def test_the_door_says_who_sees_what_and_until_when_in_two_lines(building, room):
    told = sheet(building.browser().get(room.door).text)

    lines = told.text[told.text.index("Answers are") : told.text.index("Say who you are")].split("\n")
    assert [line for line in lines if line.strip()] == [
        "Answers are only shown for everyone together, once 5 have answered.",
        "Your answers are erased 90 days after the workshop has ended.",
        "Join",
        "I was here beforeThe workshop leader sees who has joined and how far each has come.",
    ]


def test_a_phone_is_led_to_what_lacks_people_and_told_how_many(building):
    of = opened("Two", "Example Museum")
    first = building.participant(of)
    building.answered(first, of.collaborations[0])
    for person in (building.participant(of), first):
        page = sheet(person.get("/").text)
        led = page.forms[-1]["action"]

        assert led == f"/c/{of.collaborations[person is first]}/begin"
        assert f"needs {4 + (person is first)} more" in page.text


def test_one_tap_keeps_a_gut_feeling_and_a_second_one_another(building, room, alone):
    one = building.participant(room)
    at = f"/gut/{room.collaborations[0]}"
    told = [one.fill("/gut", ("response", placement), action=at) for placement in ("strategic", "network")]
    alone()

    assert [each.headers["location"] for each in told] == [f"/gut#of-{room.collaborations[0]}"] * 2
    with Store.open(write=False) as store:
        assert [each.gut for each in store.assessments_in_workshop(room.workshop.id)] == ["network"]


def words_of(person) -> str:
    """The three words that a participant is shown."""
    page = sheet(person.fill("/return", action="/return").text).text
    return page.split("phone or another.")[1].split("The room's code")[0].strip()


def test_three_words_bring_somebody_back_on_another_device_and_the_old_one_stays_in(building, room):
    one, other = building.participant(room), building.browser(address="203.0.113.9")
    of = building.begun(one, room.collaborations[0])
    told = other.fill(f"{room.door}/back", ("words", f" {words_of(one).upper()} "))

    assert (told.status_code, told.headers["location"]) == (303, "/")
    assert [each.get(f"{of}/gut").status_code for each in (one, other)] == [200, 200]
    assert one.fill("/leave").status_code == 200
    assert [each.get(f"{of}/gut").status_code for each in (one, other)] == [401, 200]
    assert len(respondents(room)) == 1


def test_three_words_open_nothing_in_another_room_nor_once_there_are_newer_ones(building, room):
    elsewhere, one = opened("Another", "Example Museum"), building.participant(room)
    first, newest = words_of(one), words_of(one)
    doors = ((elsewhere, newest), (room, first), (room, "no such words"), (room, newest))
    told = [building.browser().fill(f"{of.door}/back", ("words", words)).status_code for of, words in doors]

    assert told == [422, 422, 422, 303]


def test_three_words_of_somebody_who_was_removed_open_nothing(building, room, alone):
    one = building.participant(room)
    words = words_of(one)
    alone()
    facilitation(lambda of: of.remove_respondent(room.workshop.id, _only_respondent(room), "k" * 20))

    assert building.browser().fill(f"{room.door}/back", ("words", words)).status_code == 422


def test_past_sixty_misses_a_minute_only_those_wait_who_missed():
    now = [0.0]
    limiter = rate_limit.RateLimiter(clock=lambda: now[0])
    for number in range(60):
        assert limiter.may_try_to_return("a")
        limiter.count_wrong_return("a" if number else "b")
    told = [limiter.may_try_to_return(address) for address in ("a", "b", "c")]
    now[0] = 60.0

    assert told == [False, False, True]
    assert limiter.may_try_to_return("a")


def test_the_language_is_the_browsers_until_another_is_chosen(building, room):
    swede = building.browser(**{"accept-language": "sv-FI,sv;q=0.9"})
    other = building.browser(**{"accept-language": "sv-FI,sv;q=0.9"})

    assert '<html lang="sv-FI">' in swede.get(room.door).text
    assert '<html lang="en">' in swede.get(f"{room.door}?lang=en").text
    swede.fill(room.door)
    other.fill(room.door, ("language", "en"))
    assert ['<html lang="sv-FI">' in each.get("/").text for each in (swede, other)] == [True, False]
    other.post("/language?to=/", [("key", "k" * 20), ("language", "sv")])
    assert '<html lang="sv">' in other.get("/").text


def test_sent_twice_the_same_form_joins_once_and_the_first_cookie_is_dead(building, room):
    page = sheet(building.browser().get(room.door).text)
    form = next(form for form in page.forms if form["action"] == room.door)
    first, second = building.browser(), building.browser()
    for each in (first, second):
        assert each.post(room.door, form["fields"]).status_code == 303

    assert [each.get("/new").status_code for each in (first, second)] == [401, 200]
    assert len(respondents(room)) == 1


def test_a_planted_cookie_counts_for_nothing_when_somebody_joins(building, room):
    attacker = building.participant(room)
    planted = attacker.client.cookies["assessor-8720"]
    victim = building.browser()
    victim.client.cookies.set("assessor-8720", planted, domain="room.example")
    victim.post(room.door, [("key", "f" * 20), ("name", ""), ("language", "en")])
    of = building.begun(victim, room.collaborations[0])

    assert dict(victim.client.cookies.items()) != {"assessor-8720": planted}
    assert len(respondents(room)) == 2
    assert attacker.get(of).status_code == 404


def test_a_link_to_another_phone_moves_once_and_lets_the_first_out(building, room):
    first, second, third = building.participant(room), building.browser(), building.browser()
    of = building.begun(first, room.collaborations[0])
    link = "/go/" + sheet(first.fill("/phone").text).text.split("/go/")[1].split()[0]

    assert second.get(link).status_code == 200
    assert first.get(of).status_code == 303
    assert second.fill(link).status_code == 303
    assert [each.get(of).status_code for each in (first, second)] == [401, 303]
    assert third.get(link).status_code == 404
    assert len(respondents(room)) == 1


def test_who_is_removed_is_told_so_and_gives_no_more(building, room, alone):
    one = building.participant(room)
    of = building.begun(one, room.collaborations[0])
    alone()
    with Store.open() as store:
        who = store.workshops.respondents(room.workshop.id)[0].id
        Facilitation(store, open_bank("dokk1")).remove_respondent(room.workshop.id, who, "k" * 20)
    before = state()
    told = one.post(f"{of}/gut", [("key", "f" * 20), ("response", "network")])
    alone()

    assert told.status_code == 403
    assert "has removed this phone" in told.text
    assert state() == before


def test_a_locked_room_says_so_to_who_comes_and_lets_who_is_in_go_on(building, room, alone):
    one = building.participant(room)
    alone()
    facilitation(lambda of: of.set_locked(room.workshop.id, True, "k" * 20))
    late = building.browser()
    seen, sent = late.get(room.door), late.post(room.door, [("key", "f" * 20), ("name", "")])

    assert (seen.status_code, sent.status_code) == (422, 422)
    assert "is not letting anyone else in" in seen.text
    assert one.get("/").status_code == 200
    assert building.begun(one, room.collaborations[0]).startswith("/a/")


def test_a_room_that_is_over_says_so_at_the_door_and_keeps_what_was_typed(building, room, alone):
    one = building.participant(room)
    of = building.begun(one, room.collaborations[0])
    one.fill(f"{of}/gut", ("response", "network"))
    one.fill(f"{of}/wanted", ("response", "service"))
    form = sheet(one.get(f"{of}/q/creation").text).forms[-1]["fields"]
    alone()
    facilitation(lambda of: of.close(room.workshop.id, "k" * 20))
    told = one.post(f"{of}/q/creation", [*form, ("response", "joint"), ("note", "A long <thought>")])

    assert told.status_code == 422
    assert "is over, so this was not saved" in told.text
    assert "A long &lt;thought&gt;</textarea>" in told.text
    assert "This workshop is over" in building.browser().get(room.door).text
    assert one.get(f"{of}/verdict").status_code == 200
    assert one.post(f"{of}/gut", [("key", "g" * 20), ("seen", "9"), ("response", "service")]).status_code == 422


def test_what_was_saved_before_the_end_and_is_sent_again_is_no_error(building, room, alone):
    one = building.participant(room)
    of = building.begun(one, room.collaborations[0])
    form = [*sheet(one.get(f"{of}/gut").text).forms[-1]["fields"], ("response", "network")]
    first = one.post(f"{of}/gut", form)
    alone()
    facilitation(lambda of: of.close(room.workshop.id, "k" * 20))
    again = one.post(f"{of}/gut", form)

    assert (first.status_code, again.status_code) == (303, 303)


def test_in_an_erased_room_a_form_shows_what_was_typed_and_nothing_breaks(building, room, alone):
    one = building.participant(room)
    of = building.begun(one, room.collaborations[0])
    alone()
    facilitation(lambda of: of.erase(room.workshop.id))
    told = one.post(f"{of}/q/creation", [("key", "f" * 20), ("response", "joint"), ("note", "A long <thought>")])

    assert told.status_code == 401
    assert "or the workshop was erased" in told.text
    assert "<bdi>A long &lt;thought&gt;</bdi>" in told.text
    assert building.browser().get(room.door).status_code == 404


def test_the_other_party_answers_the_same_collaboration_and_sees_no_other(building, room, alone):
    opened("Another example morning", "Example Museum")
    link = "/p/" + facilitation(lambda of: of.invite_party(room.workshop.id, room.collaborations[0], "k" * 20))
    them = building.browser()
    door = them.get(link).text
    assert "The Example Library will see your answers and set them beside its own." in door
    assert them.fill(link).status_code == 303
    mine = building.begun(them, room.collaborations[0])
    them.fill(f"{mine}/gut", ("response", "strategic"))
    alone()

    assert them.get("/").text.count('class="name"') == 1
    assert them.get("/new").status_code == 404
    with Store.open(write=False) as store:
        assert [each.side for each in store.workshops.respondents(room.workshop.id)] == ["them"]
        assert [each.gut for each in store.assessments_in_workshop(room.workshop.id)] == ["strategic"]


def test_a_later_invitation_closes_the_earlier(building, room, alone):
    alone()
    first, second = (
        facilitation(lambda of, key=key: of.invite_party(room.workshop.id, room.collaborations[0], key * 20))
        for key in "ab"
    )

    assert [building.browser().get(f"/p/{each}").status_code for each in (first, second)] == [404, 200]


def test_a_participant_is_told_what_becomes_of_a_note_and_chooses_for_each(building, room, alone):
    one = building.participant(room)
    of = building.begun(one, room.collaborations[0])
    one.fill(f"{of}/gut", ("response", "network"))
    one.fill(f"{of}/wanted", ("response", "service"))
    told = "It stays with you, unless you tick that it may go into the report: word for word, without a name."
    assert told in sheet(one.get(f"{of}/q/creation").text).text
    one.fill(f"{of}/q/creation", ("response", "joint"), ("note", "Mine alone"))
    one.fill(f"{of}/q/vision", ("response", "no"), ("note", "For the report"), ("quoted", "yes"))
    one.fill(f"{of}/verdict", ("note", "On the whole"), ("quoted", "yes"), action=f"{of}/note")
    alone()

    with Store.open(write=False) as store:
        [given] = store.assessments_in_workshop(room.workshop.id)
    assert given.notes == {"creation": "Mine alone", "vision": "For the report", "": "On the whole"}
    assert given.quoted == {"creation": False, "vision": True, "": True}


def test_a_choice_is_taken_back_and_a_removed_note_leaves_nothing(building, room, alone):
    one = building.participant(room)
    of = building.begun(one, room.collaborations[0])
    one.fill(f"{of}/gut", ("response", "network"))
    one.fill(f"{of}/wanted", ("response", "service"))
    one.fill(f"{of}/q/creation", ("response", "joint"), ("note", "A thought"), ("quoted", "yes"))
    one.post(f"{of}/q/creation", [("key", "c" * 20), ("seen", "99"), ("asks-quoted", "yes"), ("response", "joint")])
    one.post(f"{of}/q/creation", [("key", "d" * 20), ("seen", "99"), ("response", "joint"), ("withdraw", "yes")])
    alone()

    with Store.open(write=False) as store:
        [given] = store.assessments_in_workshop(room.workshop.id)
    assert (given.notes, given.quoted) == ({}, {})
    assert "A thought" not in [entry.value for entry in given.history]


def test_the_other_party_and_who_brings_their_own_are_told_that_notes_stay_with_them(building, room):
    link = "/p/" + facilitation(lambda of: of.invite_party(room.workshop.id, room.collaborations[0], "k" * 20))
    them, one = building.browser(), building.participant(room)
    them.fill(link)
    mine = building.begun(them, room.collaborations[0])
    brought = one.fill("/new", ("party", "Example Choir"), ("undertaking", "")).headers["location"]
    told = "It stays with you: it is in no report, and is erased with your answers."

    for phone, of in ((them, mine), (one, brought)):
        phone.fill(f"{of}/gut", ("response", "network"))
        phone.fill(f"{of}/wanted", ("response", "service"))
        assert told in sheet(phone.get(f"{of}/q/creation").text).text
        assert "asks-quoted" not in phone.get(f"{of}/q/creation").text


def test_own_collaborations_are_seen_by_nobody_else(building, room):
    one, other = building.participant(room), building.participant(room)
    told = one.fill("/new", ("party", "Example Choir"), ("undertaking", "Songs"))

    assert told.status_code == 303
    assert "Example Choir" in one.get("/").text
    assert "Example Choir" not in other.get("/").text + building.leader(room).get("/").text


def test_the_address_that_leads_opens_once_and_two_browsers_may_lead(building, room, alone):
    first = building.leader(room)
    again = building.browser().get(f"/lead/{room.secret}")
    alone()
    second = building.browser()
    told = second.fill("/lead/" + facilitation(lambda of: of.renew_secret(room.workshop.id)))

    assert again.status_code == 404
    assert told.headers["location"].startswith(f"/w/{room.workshop.id}")
    tokens = [dict(each.client.cookies)[f"assessor-lead-8720-{room.workshop.id}"] for each in (first, second)]
    alone()
    with Store.open(write=False) as store:
        led = [Workshops(store, "dokk1").facilitated_with(token).id for token in tokens]
    assert led == [room.workshop.id] * 2
    with closing(sqlite3.connect(default_path())) as database:
        kept = repr(database.execute("SELECT * FROM act").fetchall())
    assert [each in kept for each in (*tokens, room.secret)] == [False] * 3
    assert hash_secret(tokens[0]) in kept


def test_wrong_codes_are_told_to_wait_and_the_right_one_never_is(building, room):
    """Sixty phones behind the address of somebody who guesses join; so does who comes from elsewhere."""
    guesser = building.browser()
    statuses = [guesser.post("/", [("key", "f" * 20), ("code", f"AAAA{at:03}")]).status_code for at in range(60)]
    began = monotonic()
    for _ in range(60):
        building.participant(room)
    typed = building.browser().fill("/", ("code", f" {room.workshop.code[:3]}-{room.workshop.code[3:].lower()}"))
    told = guesser.get("/j/AAAAAAA")

    assert statuses == [404] * 20 + [429] * 40
    assert monotonic() - began < 10
    assert typed.headers["location"] == room.door
    assert (told.status_code, told.headers["retry-after"]) == (429, "60")
    assert building.browser(address="203.0.113.9").get("/j/AAAAAAA").status_code == 404


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "evil", "127.0.0.1"),
        ("::1", "2001:db8::1:2:3:4", "2001:db8::"),
        ("::ffff:127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
    ],
)
def test_an_address_is_counted_from_the_right_behind_believed_proxies_only(peer, forwarded, counted):
    from ipaddress import ip_network

    proxies = tuple(map(ip_network, ("127.0.0.1", "::1", "10.0.0.0/8")))

    assert rate_limit.client_address(peer, forwarded, proxies) == counted


def test_a_header_that_rotates_does_not_give_a_new_budget(building):
    guesser = building.browser()
    statuses = [guesser.get("/j/AAAAAAA", headers={"x-forwarded-for": f"192.0.2.{at}"}).status_code for at in range(25)]

    assert statuses == [404] * 20 + [429] * 5


def test_an_address_is_forgotten_after_ten_minutes():
    now = [0.0]
    found = rate_limit.RateLimiter(clock=lambda: now[0])
    found.count_wrong("a")
    now[0] = 601.0
    found.count_wrong("b")

    assert found.addresses() == ("b",)


def test_a_thousand_wrong_secrets_open_nothing_and_no_log_knows_the_right_one(building, room, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    guesser = building.browser(address="203.0.113.9")
    statuses = {guesser.get(f"/lead/{at:022}").status_code for at in range(1_000)}
    lead = building.leader(room)
    page = building.browser().get(f"/lead/{room.secret}x")
    out = capfd.readouterr()

    assert statuses == {404, 429}
    assert lead.client.cookies
    logged = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    )
    assert room.secret not in logged + out.out + out.err + page.text.replace(f"{room.secret}x", "")


def test_no_page_tells_its_address_to_another(building, room):
    told = building.browser().get(f"/lead/{room.secret}")
    there = Building(house(HOSTED))
    with there.first:
        hosted = there.browser().get(f"/lead/{room.secret}")

    assert room.secret not in sheet(told.text).text
    assert (told.headers["referrer-policy"], hosted.headers["referrer-policy"]) == ("strict-origin", "no-referrer")


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1.evil.example"])
def test_a_room_goes_by_its_own_names_only(building, room, host):
    told = building.browser().get("/", headers={"host": host})

    assert told.status_code == 400


def test_links_lead_to_the_configured_address_whatever_a_header_says(building, room):
    one = building.participant(room)
    form = sheet(one.get("/phone").text).forms[-1]["fields"]
    told = one.post("/phone", form, **{"x-forwarded-host": "evil.example", "x-forwarded-proto": "gopher"})

    assert "http://room.example:8720/go/" in told.text
    assert "evil" not in told.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://room.example"}, 303),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "https://room.example"}, 403),
        ({}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_over_plain_http_a_form_tells_its_origin_or_is_refused(building, room, alone, headers, status):
    form = b"key=" + b"f" * 20 + b"&name=&language=en"
    alone()
    before = state()
    kind = {"content-type": "application/x-www-form-urlencoded"}
    told = building.browser().client.post(room.door, content=form, headers={**kind, **headers})
    alone()

    assert (told.status_code, state() == before) == (status, status != 303)


def test_behind_https_a_form_comes_from_the_https_address(room):
    there = Building(house(HOSTED))
    kind = {"content-type": "application/x-www-form-urlencoded"}
    form = b"key=" + b"f" * 20 + b"&name=&language=en"
    with there.first:
        statuses = [
            there.browser().client.post(room.door, content=form, headers={**kind, **headers}).status_code
            for headers in ({"origin": "https://workshops.example"}, {"origin": "http://workshops.example"}, OURS)
        ]

    assert statuses == [303, 403, 303]


def test_a_name_is_refused_with_what_was_typed(building, room):
    told = building.browser().fill(room.door, ("name", "a" * 300))

    assert told.status_code == 422
    assert "a" * 300 in told.text


def test_a_room_outlives_a_restart(room):
    here = Building(house())
    with here.first:
        one, lead = here.participant(room), here.leader(room)
        of = here.begun(one, room.collaborations[0])
    again = Building(house())
    with again.first:
        later, leads = again.browser(), again.browser()
        later.client.cookies, leads.client.cookies = one.client.cookies, lead.client.cookies

        assert later.get(of).status_code == 303
        assert "The example morning" in later.get("/").text
        assert leads.get(f"/w/{room.workshop.id}").status_code == 200


def test_the_other_party_is_asked_in_words_from_its_side_and_only_what_it_can_tell(building, room, alone):
    opened("Another example morning", "Example Museum")
    link = "/p/" + facilitation(lambda of: of.invite_party(room.workshop.id, room.collaborations[0], "k" * 20))
    them = building.browser()
    them.fill(link)
    mine = building.begun(them, room.collaborations[0])
    alone()
    words, asked = bank.open_bank("dokk1").party_wording("en"), bank.open_bank("dokk1").sides.asked
    them.fill(f"{mine}/gut", ("response", "strategic"))
    them.fill(f"{mine}/wanted", ("response", "service"))
    seen = []
    while "/q/" in (now := them.get(mine).headers.get("location", "")):
        item = now.rpartition("/")[2]
        assert words.items[item].ask in html.unescape(them.get(now).text)
        seen.append(item)
        them.fill(now, ("response", "dont_know"))
    them.fill(f"{mine}/gains")

    assert tuple(seen) == tuple(item for item in asked)
    assert "set beside the library" in them.get(f"{mine}/verdict").text


def test_what_a_participant_had_typed_is_there_again_in_the_other_language_and_only_once(building, room):
    one, other = building.participant(room), building.participant(room)
    of = building.begun(one, room.collaborations[0])
    page = f"{of}/q/creation"
    one.post(f"/language?to={page}", [("key", "k" * 20), ("language", "fi"), ("note", "Half a <thought>")])

    assert "Half a &lt;thought&gt;" in one.get(page).text
    assert "Half a" not in one.get(page).text
    assert "Half a" not in other.get("/").text


def test_one_key_sent_to_two_addresses_does_both_and_calls_nothing_done_that_is_not(building, alone):
    room = opened("Two", "Example Museum")
    one = building.participant(room)
    cases = [case.id for case in open_bank("dokk1").calibration_cases("en")][:2]
    pages = [f"/case/{number}" for number in (1, 2)]
    form = [("key", "k" * 20), ("response", "network")]
    told = [one.post(page, form) for page in (*pages, *pages)]
    begun = [one.post(f"/c/{each}/begin", [("key", "b" * 20)]).headers["location"] for each in room.collaborations]
    alone()

    assert [each.status_code for each in told] == [303] * 4
    with Store.open(write=False) as store:
        placed = Workshops(store, open_bank("dokk1")).get(room.workshop.id).cases
    assert [list(placed[case].values()) for case in cases] == [["network"], ["network"]]
    assert len(set(begun)) == 2


@pytest.mark.parametrize("written", ["/j/{}/", "/j/{}.", "/j//{}", "/j/{})."])
def test_an_address_is_understood_as_people_and_programs_write_it(building, room, written):
    page = building.browser().get(written.format(room.workshop.code))

    assert page.status_code == 200
    assert f'action="/j/{room.workshop.code}"' in page.text


def test_somebody_else_on_a_phone_puts_nobody_out(building: Building, room: Opened):
    phone, other = building.participant(room), building.browser()
    of = building.answered(phone, room.collaborations[0])
    shown = phone.fill(room.door, action=room.door)
    words = next(line for line in sheet(shown.text).text.splitlines() if len(line.split()) == 3 and line.islower())
    form = next(form for form in sheet(shown.text).forms if form["action"] == room.door)
    joined = phone.post(room.door, form["fields"])
    back = other.fill(f"{room.door}/back", ("words", words))

    assert (shown.status_code, joined.status_code, back.status_code) == (200, 303, 303)
    assert (other.get(f"{of}/check").status_code, phone.get(f"{of}/check").status_code) == (200, 404)
