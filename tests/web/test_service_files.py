"""A library's documents and files on a service: printed, taken out, taken in again, and never another library's."""

import json
from collections.abc import Iterator
from io import BytesIO

import pytest
from web_pages import OURS, Person, sheet
from web_services import Service, service

from assessor.store import Store
from assessor.usecases.documents import PREPARED_BY_NAME
from assessor.usecases.transfer import import_assessments


@pytest.fixture(scope="module")
def building(tmp_path_factory: pytest.TempPathFactory, compiled) -> Iterator[Service]:
    """One service for all of them."""
    found = service(tmp_path_factory.mktemp("service") / "assessor.db")
    with found.first:
        yield found


def send(person: Person, base: str, name: str, data: bytes):
    """Choose a file on the page and send it, as a browser does."""
    page = sheet(person.get(f"{base}/documents").text)
    fields = next(form["fields"] for form in page.forms if form["action"] == f"{base}/answers")
    return person.client.post(f"{base}/answers", data=dict(fields), files={"file": (name, data)}, headers=OURS)


@pytest.fixture(scope="module")
def library(building):
    """A steward with one collaboration, whole, and the prefix of the library's pages."""
    steward = building.steward("Library A")
    building.assessed(steward, "Library A", "Example School")
    return steward, f"/l/{building.ids['Library A']}"


def test_a_library_leaves_with_everything_and_comes_back(building, library, tmp_path):
    steward, base = library
    taken = steward.get(f"{base}/answers/json").content
    with Store.open(tmp_path / "own.db", create=True) as own, building.store() as store:
        import_assessments(own, BytesIO(taken), "answers.json")
        (there,), (here,) = own.assessments(), store.assessments()
    again = send(steward, base, "answers.json", taken)

    assert (there.responses, there.history) == (here.responses, here.history)
    assert again.status_code == 303
    assert "Nothing in the file was new" in steward.get(again.headers["location"]).text


def test_a_file_of_another_library_is_refused_whatever_ids_it_has(building, library):
    steward, base = library
    taken = json.loads(steward.get(f"{base}/answers/json").content)
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


def test_a_spreadsheet_comes_in_and_says_what_is_wrong_with_it(building, library):
    steward, base = library
    wrong = send(steward, base, "list.csv", b"Nothing;here\nx;y\n")
    right = send(steward, base, "list.csv", b"Party;What you do together\nThe Boat Club;Evenings\n")

    assert wrong.status_code == 422
    assert right.status_code in (303, 422)
    assert steward.get(f"{base}/answers/xlsx").content.startswith(b"PK")
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
