"""A library's documents and files on a service: printed, taken out, taken in again, and never another library's."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Event

import pytest
from web_pages import OURS, Person, sheet
from web_services import Service, service

from assessor.store import Store
from assessor.usecases import spreadsheets
from assessor.usecases.documents import PREPARED_BY_NAME
from assessor.usecases.transfer import import_assessments


@pytest.fixture(scope="module")
def building(tmp_path_factory: pytest.TempPathFactory, compiled) -> Iterator[Service]:
    """One service for all of them."""
    found = service(tmp_path_factory.mktemp("service") / "assessor.db")
    with found.first:
        yield found


def send(person: Person, base: str, name: str, data: bytes, **ticked: str):
    """Choose a file on the page and send it, as a browser does."""
    page = sheet(person.get(f"{base}/documents").text)
    fields = next(form["fields"] for form in page.forms if form["action"] == f"{base}/answers")
    return person.client.post(
        f"{base}/answers", data={**dict(fields), **ticked}, files={"file": (name, data)}, headers=OURS
    )


@pytest.fixture(scope="module")
def library(building):
    """A steward with one collaboration, whole, and the prefix of the library's pages."""
    steward = building.steward("Library A")
    building.assessed(steward, "Library A", "Example School")
    return steward, f"/l/{building.ids['Library A']}"


def test_a_library_leaves_with_everything_and_comes_back(building, library, tmp_path):
    steward, base = library
    taken = steward.get(f"{base}/answers/json?sure=yes").content
    with Store.open(tmp_path / "own.db", create=True) as own, building.store() as store:
        import_assessments(own, BytesIO(taken), "answers.json")
        (there,), (here,) = own.assessments(), store.assessments()
    again = send(steward, base, "answers.json", taken)

    assert (there.responses, there.history) == (here.responses, here.history)
    assert again.status_code == 303
    assert "Nothing in the file was new" in steward.get(again.headers["location"]).text


def test_all_answers_are_taken_out_only_after_what_lies_in_the_file_was_said(building, library):
    steward, base = library
    told = [steward.get(f"{base}/answers/{ending}") for ending in ("json", "csv", "xlsx")]
    (asked,) = {sheet(each.text).text for each in told}

    assert {each.headers["content-type"] for each in told} == {"text/html; charset=utf-8"}
    assert "Library A: 15 answers" in asked
    assert "What is erased here later stays in it" in asked


def test_a_file_of_another_library_is_refused_whatever_ids_it_has(building, library):
    steward, base = library
    taken = json.loads(steward.get(f"{base}/answers/json?sure=yes").content)
    other = building.steward("Library B")
    theirs = f"/l/{building.ids['Library B']}"
    renamed = json.dumps({**taken, "library": "Library B"}).encode()
    with building.store() as store:
        before = store.content_hash()
    told = [
        send(other, theirs, "a.json", data).status_code for data in (json.dumps(taken).encode(), renamed, b"{}", b"x")
    ]
    with building.store() as store:
        assert store.content_hash() == before

    assert told == [422] * 4


def test_what_was_erased_stays_out_of_a_library_until_somebody_wants_just_that(building):
    steward = building.steward("Library D")
    base = f"/l/{building.ids['Library D']}"
    for party in ("Example School", "Example Museum"):
        building.assessed(steward, "Library D", party)
    taken = steward.get(f"{base}/answers/json?sure=yes").content
    with building.store() as store:
        school = next(each for each in store.collaborations("Library D") if each.party == "Example School")
    steward.fill(f"{base}/c/{school.id}/erase", ("what", "collaboration"), ("sure", "yes"))
    left_out = send(steward, base, "answers.json", taken)
    without = steward.get(base).text
    send(steward, base, "answers.json", taken, take_back="yes")

    assert left_out.status_code == 200
    assert "Left out, because it was erased here: Example School." in sheet(left_out.text).text
    assert ("Example School" in without, "Example School" in steward.get(base).text) == (False, True)


def test_nobodys_page_waits_while_a_spreadsheet_is_read(building, library, monkeypatch):
    steward, base = library
    reading, go_on, listed = Event(), Event(), steward.get(f"{base}/answers/csv?sure=yes").content

    def read(*given):
        reading.set()
        assert go_on.wait(20)
        return as_ever(*given)

    as_ever = spreadsheets.read_list
    monkeypatch.setattr(spreadsheets, "read_list", read)
    with ThreadPoolExecutor(1) as one:
        sent = one.submit(send, steward, base, "list.csv", listed)
        assert reading.wait(20)
        meanwhile = building.browser().get("/health").status_code, sent.done()
        go_on.set()

    assert meanwhile == (204, False)
    assert sent.result().headers["location"] == f"{base}/documents"


def test_a_spreadsheet_comes_in_and_says_what_is_wrong_with_it(building, library):
    steward, base = library
    wrong = send(steward, base, "list.csv", b"Nothing;here\nx;y\n")
    right = send(steward, base, "list.csv", b"Party;What you do together\nThe Boat Club;Evenings\n")

    assert wrong.status_code == 422
    assert right.status_code in (303, 422)
    assert steward.get(f"{base}/answers/xlsx?sure=yes").content.startswith(b"PK")
    assert steward.get(f"{base}/template").content.startswith(b"PK")


@pytest.mark.parametrize(
    "path",
    [
        "c/{collaboration}/draft/docx",
        *(
            pytest.param(path, marks=pytest.mark.full)
            for path in ("c/{collaboration}/draft/pdf", *(f"documents/{name}" for name in PREPARED_BY_NAME))
        ),
    ],
)
def test_documents_are_made(building, library, path):
    steward, base = library
    with building.store() as store:
        collaboration = store.collaborations("Library A")[0]
    made = steward.get(f"{base}/{path.format(collaboration=collaboration.id)}")

    assert made.status_code == 200
    assert made.content.startswith((b"%PDF", b"PK"))
    assert "attachment" in made.headers["content-disposition"]


ODD_BODIES = (
    b"",
    b"--b--\r\n",
    b"--b\r\n\r\n\r\n--b--",
    b'--b\r\ncontent-disposition: form-data; name="key"\r\n\r\nshort\r\n--b--\r\n',
    b'--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\nno end',
    b"--c\r\n" * 1000,
)


def test_a_form_in_parts_that_no_browser_makes_is_refused(library):
    steward, base = library
    to = f"{base}/answers"
    headers = {**OURS, "content-type": "multipart/form-data; boundary=b"}
    told = [steward.client.post(to, content=body, headers=headers).status_code for body in ODD_BODIES]

    assert told == [400] * len(ODD_BODIES)


def test_a_file_is_taken_at_one_page_alone_and_up_to_a_size(library):
    steward, base = library
    elsewhere = steward.client.post(f"{base}/new", files={"file": ("x", b"x")}, headers=OURS)
    huge = send(steward, base, "x.json", b" " * 12_000_001)

    assert (elsewhere.status_code, huge.status_code) == (415, 413)
