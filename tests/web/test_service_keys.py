"""Keys to libraries: opened once, by a press alone; replaced, withdrawn and told of."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from web_pages import Person, sheet
from web_rooms import HOSTED, house
from web_services import BASE, Service, address_in, service

from assessor.local_time import local_day

KEY = ("key", "0123456789abcdef0123")


@pytest.fixture
def building(home) -> Iterator[Service]:
    found = service()
    with found.first:
        yield found


def addresses(html: str) -> list[str]:
    return re.findall(rf"{BASE}/key/[\w-]{{22}}", sheet(html).text)


def path(address: str) -> str:
    return address.removeprefix(BASE)


def test_a_host_gives_many_libraries_keys_as_a_list_a_file_and_letters(building):
    host = building.host()
    names = "Library C\n\n  Library A \nLibrary B\nLibrary A\n=Library"
    page = host.fill("/host", ("names", names))
    (carrying, *_rest) = [form["fields"] for form in sheet(page.text).forms if form["action"] == "/host/keys.csv"]
    file = host.post("/host/keys.csv", carrying)
    letters = host.post("/host/letters", carrying)
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))

    assert [name for name, _address in rows] == ["Library", "Library C", "Library A", "Library B", "'=Library"]
    assert [address for _name, address in rows[1:]] == addresses(page.text)
    assert addresses(letters.text) == addresses(page.text)
    assert letters.text.count("<svg") >= 4


def test_a_key_is_opened_by_a_press_alone_and_once(building):
    host = building.host()
    address = path(addresses(host.fill("/host", ("names", "Library A")).text)[0])
    preview, reader = building.browser(), building.browser(**{"sec-purpose": "prefetch"})
    looked = [
        preview.get(address).status_code,
        preview.client.head(address).status_code,
        reader.get(address).status_code,
    ]
    first = building.browser()
    opened = first.fill(address)
    second = building.browser().get(address)

    assert looked == [200, 200, 200]
    assert opened.status_code == 303
    assert first.get(opened.headers["location"]).status_code == 200
    assert second.status_code == 404
    assert "Library A" not in second.text


def test_an_address_that_was_opened_leads_who_is_in_there_to_the_library_and_nobody_else(building):
    host = building.host()
    address = path(addresses(host.fill("/host", ("names", "Library A")).text)[0])
    first, other = building.browser(), building.steward("Library B")
    library = first.fill(address).headers["location"]
    again = [first.get(address), first.fill("/key", ("secret", address))]

    assert [each.headers["location"] for each in again] == [library, library]
    assert [each.status_code for each in (other.get(address), other.fill("/key", ("secret", address)))] == [404, 404]


def test_the_same_press_sent_twice_opens_once_and_lets_the_browser_in(building):
    host = building.host()
    address = path(addresses(host.fill("/host", ("names", "Library A")).text)[0])
    person = building.browser()
    fields = next(form["fields"] for form in sheet(person.get(address).text).forms if form["action"] == "/key")
    building.browser().post("/key", fields)  # whose answer was lost on its way
    again = person.post("/key", fields)
    other = building.browser().post("/key", [("key", "fedcba9876543210abcd"), *fields[1:]])

    assert person.get(again.headers["location"]).status_code == 200
    assert other.status_code == 404


def test_the_cookie_is_the_librarys_alone_and_lasts(building):
    host = building.host()
    address = path(addresses(host.fill("/host", ("names", "Library A")).text)[0])
    opened = building.browser().fill(address)
    (cookie,) = opened.headers.get_list("set-cookie")
    library = opened.headers["location"].removeprefix("/l/")

    assert cookie.startswith(f"__Host-assessor-library-{library}=")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "secure", "samesite=lax", "path=/", "max-age=15552000"} <= attributes
    assert not any(part.startswith("domain") for part in attributes)


def test_the_days_of_a_browser_begin_anew_with_a_visit(home):
    moment = [datetime.now(UTC)]
    found = service(clock=lambda: moment[0])
    with found.first:
        steward = found.steward("Library A")
        base = f"/l/{found.ids['Library A']}"
        told = []
        for days in (179, 179, 181):
            moment[0] += timedelta(days=days)
            visit = steward.get(base)
            told.append((visit.status_code, "max-age=15552000" in visit.headers.get("set-cookie", "").lower()))

    assert told == [(200, True), (200, True), (401, False)]


def test_a_visit_within_the_hour_renews_the_cookie_and_writes_nothing(home):
    moment = [datetime.now(UTC)]
    found = service(clock=lambda: moment[0])
    with found.first:
        steward = found.steward("Library A")
        base = f"/l/{found.ids['Library A']}"
        steward.get(base)
        with found.store() as store:
            before = store.content_hash()
        moment[0] += timedelta(minutes=59)
        visit = steward.get(base)
        with found.store() as store:
            after = store.content_hash()

    (cookie,) = visit.headers.get_list("set-cookie")
    assert cookie.startswith(f"__Host-assessor-library-{base.removeprefix('/l/')}=")
    assert "max-age=15552000" in cookie.lower()
    assert after == before


def test_a_form_of_another_origin_writes_nothing_although_the_cookie_comes_with_it(building):
    steward = building.steward("Library A")
    base = f"/l/{building.ids['Library A']}"
    with building.store() as store:
        before = store.content_hash()
    told = [
        steward.post(f"{base}/new", [KEY, ("party", "x")], **foreign).status_code
        for foreign in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "", "origin": "https://other.example"})
    ]
    with building.store() as store:
        assert store.content_hash() == before

    assert told == [403, 403]
    assert steward.get(base).status_code == 200


def test_the_store_keeps_digests_of_addresses_and_cookies_alone(building):
    host = building.host()
    address = path(addresses(host.fill("/host", ("names", "Library A")).text)[0])
    waiting = path(addresses(host.fill("/host", ("names", "Library B")).text)[0])
    person = building.entered(address)
    tokens = [value for browser in (host, person) for value in browser.client.cookies.values()]
    with building.store() as store:
        files = [each.read_bytes() for each in store.path.parent.glob(f"{store.path.name}*")]

    assert len(tokens) >= 2
    secrets = [*tokens, *(each.rpartition("/")[2] for each in (address, waiting))]
    assert [secret for secret in secrets for file in files if secret.encode() in file] == []


def test_a_typed_address_opens_too_and_wrong_ones_are_counted(building):
    host = building.host()
    address = addresses(host.fill("/host", ("names", "Library A")).text)[0]
    guesser = building.browser("198.51.100.9")
    told = [guesser.fill("/key", ("secret", f"wrong{number}")).status_code for number in range(25)]
    person = building.browser("198.51.100.9")

    assert told == [404] * 20 + [429] * 5
    assert person.fill("/key", ("secret", f"  {address} ")).status_code == 303


def test_a_library_that_lost_everything_gets_a_new_key_and_is_told(building):
    steward, host = building.steward("Library A"), building.host()
    library = building.ids["Library A"]
    before = steward.get(f"/l/{library}").text
    new = building.entered(address_in(host.post(f"/host/l/{library}/key", [KEY]).text))

    assert new.get(f"/l/{library}").status_code == 200
    assert "another key" not in before
    assert "another key" in steward.get(f"/l/{library}").text
    assert "another key" in new.get(f"/l/{library}").text


def test_a_key_that_waits_is_replaced_by_a_new_one(building):
    host = building.host()
    first = path(addresses(host.fill("/host", ("names", "Library A")).text)[0])
    second = path(addresses(host.fill("/host", ("names", "Library A")).text)[0])

    assert building.browser().get(first).status_code == 404
    assert building.browser().fill(second).status_code == 303


def test_a_host_withdraws_a_library_and_it_comes_back_by_a_new_key(building):
    steward, host = building.steward("Library A"), building.host()
    library = building.ids["Library A"]
    building.assessed(steward, "Library A", "Example School")
    unsure = host.fill(f"/host/l/{library}/withdraw")
    still = steward.get(f"/l/{library}").status_code
    host.fill(f"/host/l/{library}/withdraw", ("sure", "yes"))
    out = steward.get(f"/l/{library}").status_code
    again = building.entered(address_in(host.post(f"/host/l/{library}/key", [KEY]).text))

    assert (unsure.status_code, still, out) == (422, 200, 401)
    assert "Example School" in again.get(f"/l/{library}").text


def test_a_host_sees_when_a_library_was_last_here_and_none_of_its_answers(building):
    steward, host = building.steward("Library A"), building.host()
    building.assessed(steward, "Library A", "Example School")
    host.fill("/host", ("names", "Library B"))
    page = host.get("/host").text
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)

    assert "opened, by 1 person" in rows[1]
    assert re.search(r"<td>20\d\d-\d\d-\d\d</td>", rows[1])
    assert "not opened yet" in rows[2]
    assert "never" in rows[2]
    assert "Example School" not in page


def test_a_steward_invites_withdraws_and_stays(building):
    steward = building.steward("Library A")
    base = f"/l/{building.ids['Library A']}"
    colleague = building.invited(steward, "Library A", "Example colleague", "colleague")
    director = building.invited(steward, "Library A", "Example director", "reader")
    members = re.findall(rf'href="{base}/people/(\w+)/withdraw"', steward.get(f"{base}/people").text)
    colleague_invites = colleague.post(f"{base}/people/invite", [KEY, ("name", "x")]).status_code
    steward.fill(f"{base}/people/{members[0]}/withdraw", ("sure", "yes"))

    assert len(members) == 2
    assert colleague_invites == 403
    assert colleague.get(base).status_code == 401
    assert director.get(f"{base}/report").status_code == 200
    assert director.get(f"{base}/new").status_code == 403


def test_the_only_steward_is_not_withdrawn_by_herself(building):
    steward = building.steward("Library A")
    base = f"/l/{building.ids['Library A']}"
    with building.store() as store:
        (member,) = store.members.all_of(building.ids["Library A"])
    told = steward.fill(f"{base}/people/{member.id}/withdraw", ("sure", "yes"))

    assert told.status_code == 422
    assert "another one first" in told.text
    assert steward.get(base).status_code == 200


def test_a_device_is_taken_in_listed_and_withdrawn(building):
    steward = building.steward("Library A")
    base = f"/l/{building.ids['Library A']}"
    page = steward.fill(f"{base}/people", action=f"{base}/people/device")
    phone = building.entered(address_in(page.text), **{"user-agent": "Mozilla/5.0 (iPhone) CriOS/1 Safari/1"})
    listed = steward.get(f"{base}/people").text
    (device,) = re.findall(r'name="credential" value="(\w+)"', listed)
    steward.post(f"{base}/people/device/withdraw", [KEY, ("credential", device)])

    assert "Chrome, iPhone" in listed
    assert phone.get(base).status_code == 401
    assert steward.get(base).status_code == 200


def test_who_leaves_a_browser_is_out_whatever_copy_of_the_cookie_there_is(building):
    steward = building.steward("Library A")
    base = f"/l/{building.ids['Library A']}"
    copy: Person = building.browser()
    copy.client.cookies.update(steward.client.cookies)
    left = steward.fill(f"{base}/leave")

    assert left.status_code == 200
    assert copy.get(base).status_code == 401


def test_a_host_who_leaves_a_browser_is_out_too(building):
    host, copy = building.host(), building.browser()
    copy.client.cookies.update(host.client.cookies)
    before = copy.get("/host").status_code
    host.fill("/host/leave")

    assert (before, copy.get("/host").status_code) == (200, 401)


def test_every_response_is_kept_with_who_gave_it(building):
    steward = building.steward("Library A")
    colleague = building.invited(steward, "Library A", "Example colleague", "colleague")
    of = building.assessed(steward, "Library A", "Example School")
    colleague.fill(f"{of}/q/creation", ("response", "ready"))
    with building.store() as store:
        history = store.assessments(library="Library A")[0].history
        first, second = (member.id for member in store.members.all_of(building.ids["Library A"]))

    assert {entry.who for entry in history[:-1]} == {first}
    assert (history[-1].item, history[-1].value, history[-1].who) == ("creation", "ready", second)


def test_the_front_page_knows_the_libraries_of_a_browser(building):
    steward = building.steward("Library A")

    assert f'href="/l/{building.ids["Library A"]}"' in steward.get("/").text
    assert "Library A" not in building.browser().get("/").text


def test_a_steward_erases_with_proof(building):
    steward = building.steward("Library A")
    base = f"/l/{building.ids['Library A']}"
    building.assessed(steward, "Library A", "The canary")
    proof = steward.fill(f"{base}/erase", ("sure", "yes"))
    with building.store() as store:
        assert store.libraries() == ()
        assert store.path.read_bytes().find(b"The canary") < 0

    assert proof.status_code == 200
    assert "Library A" in proof.text
    assert re.search(r"20\d\d-\d\d-\d\d \d\d:\d\d UTC", proof.text)
    assert steward.get(base).status_code == 401


def test_a_host_erases_a_library_with_proof(building):
    steward, host = building.steward("Library A"), building.host()
    library = building.ids["Library A"]
    building.steward("Library B")
    building.assessed(steward, "Library A", "The canary")
    unsure = host.fill(f"/host/l/{library}/erase")
    proof = host.fill(f"/host/l/{library}/erase", ("sure", "yes"))
    with building.store() as store:
        assert store.libraries() == ("Library B",)
        assert store.path.read_bytes().find(b"The canary") < 0

    assert (unsure.status_code, proof.status_code) == (422, 200)
    assert "Library A" in proof.text
    assert steward.get(f"/l/{library}").status_code == 401


def test_a_host_erases_what_is_past_its_days_with_proof_and_what_was_agreed_stays(home):
    moment = [datetime.now(UTC)]
    found = service(clock=lambda: moment[0])
    with found.first:
        host, steward = found.host(), found.steward("Library A")
        base = f"/l/{found.ids['Library A']}"
        fields = (("name", "Spring day"), ("pasted", "The Boat Club"))
        workshop = steward.fill(f"{base}/workshops", *fields, action=f"{base}/workshops").headers["location"]
        with found.store() as store:
            code = store.workshops.get(workshop.removeprefix("/w/")).code
        found.browser().fill(f"/j/{code}", action=f"/j/{code}")
        steward.fill(f"{workshop}/end", ("sure", "yes"), action=f"{workshop}/end")
        nothing = host.get("/host/expired").text
        moment[0] += timedelta(days=91)
        told = sheet(host.get("/host").text).text
        unsure = host.fill("/host/expired")
        proof = host.fill("/host/expired", ("sure", "yes"))
        with found.store() as store:
            left = store.workshops.respondents(workshop.removeprefix("/w/")), store.libraries()

    assert "Nothing is past its days" in nothing
    assert "1 workshop is past its days" in told
    assert (unsure.status_code, proof.status_code) == (422, 200)
    assert "Library A" in sheet(proof.text).text
    assert left == ((), ("Library A",))


def test_a_colleague_leads_a_workshop_and_nobody_of_another_library_does(building):
    steward = building.steward("Library A")
    colleague = building.invited(steward, "Library A", "Example colleague", "colleague")
    other = building.steward("Library B")
    base, theirs = f"/l/{building.ids['Library A']}", f"/l/{building.ids['Library B']}"
    opened = colleague.fill(
        f"{base}/workshops",
        ("name", "Spring day"),
        ("people", "6"),
        ("until", local_day(datetime.now(UTC) + timedelta(days=7)).isoformat()),
        ("pasted", "The Boat Club · Evenings\nThe Choir"),
        action=f"{base}/workshops",
    )
    workshop = opened.headers["location"].removeprefix("/w/")
    taken = other.post(f"{theirs}/workshops/{workshop}/lead", [KEY])
    second = steward.post(f"{base}/workshops/{workshop}/lead", [KEY])
    with building.store() as store:
        found = store.workshops.get(workshop)
        names = [each.name for each in store.collaborations("Library A")]

    assert colleague.get(f"/w/{workshop}").status_code == 200
    assert steward.get(second.headers["location"]).status_code == 200
    assert taken.status_code == 404
    page = sheet(steward.get(f"{base}/workshops").text).text
    day = local_day(datetime.now(UTC) + timedelta(days=7)).isoformat()
    refused = [
        colleague.fill(f"{base}/workshops", ("name", "Autumn"), typed, action=f"{base}/workshops").status_code
        for typed in (("people", "many"), ("until", "soon"), ("until", "2999-01-01"))
    ]

    assert (found.library, found.at_least, found.expected, len(found.listed)) == ("Library A", 3, 6, 2)
    assert f"0 have joined · answers until {day}" in page
    assert page.count("needs 3 more") == 2
    assert refused == [422] * 3
    assert page.count("Lead it from this browser") == sheet(steward.get(f"{base}/workshops").text).text.count(
        "Lead it from this browser"
    )
    assert names == ["The Boat Club · Evenings", "The Choir"]


#: In each language of the program, whose each library's answers are.
CONTROLLERS = {
    "en": "Each library is the controller",
    "sv": "personuppgiftsansvarigt",
    "fi": "rekisterinpitäjä",
    "da": "dataansvarligt",
    "nb": "behandlingsansvarlig",
}


@pytest.mark.parametrize("language", CONTROLLERS)
def test_the_page_on_data_protection_says_in_each_language_who_answers_for_what_and_how_long(home, language):
    found = house(HOSTED)
    stated = replace(found.config, run_by="The Example Authority", contact="help@host.example", copies_days=37)
    building = Service(replace(found, config=stated))
    with building.first:
        page = building.browser(**{"accept-language": language}).get("/privacy")
    text = sheet(page.text).text

    assert f'<html lang="{language}"' in page.text
    assert CONTROLLERS[language] in text
    assert [said for said in ("The Example Authority", "help@host.example", "37", "180") if said not in text] == []
