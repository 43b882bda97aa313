"""Forms that people filled in on a screen, taken into a room: looked through first, counted once, as paper counts."""

import io
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pypdf
import pytest
from test_room_leading import TODAY, kept, raters
from web_pages import LIBRARY, OURS, sheet
from web_rooms import Building, Opened

from assessor.bank import open_bank
from assessor.core.paper_fields import (
    LIBRARY_FIELD,
    PARTY_FIELD,
    RESPONDENT_FIELD,
    UNDERTAKING_FIELD,
    dump_identity,
    parse_identity,
)
from assessor.exchange.filled_forms import FilledForm, FormsRefused
from assessor.report.paper.questionnaire import form_identity, form_pdf
from assessor.store import Store
from assessor.usecases.paper import form_content, import_forms
from assessor.usecases.workshops import Workshops

BANK = open_bank("dokk1")
NAMES = {LIBRARY_FIELD: LIBRARY, PARTY_FIELD: "Example School", UNDERTAKING_FIELD: "Evenings"}
ANSWERS = {"agreement": "/none", "creation": "/joint", "gut-feeling": "/network", "note-creation": "A room <of> ours"}


@cache
def blank() -> bytes:
    return form_pdf(form_content(BANK, "en"))


def filled(who: str = "AB", **otherwise: str) -> bytes:
    return filled_in(blank(), {**NAMES, RESPONDENT_FIELD: who, **ANSWERS, **otherwise})


def filled_in(form: bytes, values: dict[str, str]) -> bytes:
    writer, out = pypdf.PdfWriter(clone_from=io.BytesIO(form)), io.BytesIO()
    for page in writer.pages:
        writer.update_page_form_field_values(page, values, auto_regenerate=False)
    writer.write(out)
    return out.getvalue()


def look(leader, at: str, *files: bytes, name: str = "form.pdf"):
    sent = [("files", (name, data, "application/pdf")) for data in files]
    (form,) = [form for form in sheet(leader.get(f"{at}/forms").text).forms if form["action"] == f"{at}/forms"]
    return leader.client.post(f"{at}/forms", data=dict(form["fields"]), files=sent, headers=OURS)


def take_in(leader, at: str, *files: bytes):
    """What is said once the second press has taken them in; of the look where nothing is to be taken in."""
    shown = look(leader, at, *files)
    form = next((form for form in sheet(shown.text).forms if "held" in dict(form["fields"])), None)
    return leader.post(f"{at}/forms", form["fields"]) if form else shown


def given(room: Opened) -> dict[str, dict[str, str]]:
    """What each who is on paper has given, by name."""
    with Store.open(write=False) as store:
        names = {each.id: each.name for each in store.workshops.respondents(room.workshop.id)}
        found = store.assessments_in_workshop(room.workshop.id)
        return {names[each.respondent]: dict(each.responses) for each in found}


def test_a_look_keeps_nothing_and_a_press_makes_each_person_one_on_paper(building: Building, room, at):
    leader = building.leader(room)
    shown = look(leader, at, filled("AB"), filled("CD", creation="/ready"))
    text = " ".join(sheet(shown.text).text.split())
    building.house.store_worker.release()
    before = given(room)
    form = next(form for form in sheet(shown.text).forms if "held" in dict(form["fields"]))
    told = leader.post(f"{at}/forms", form["fields"])
    people = sheet(leader.get(told.headers["location"]).text).text
    building.house.store_worker.release()

    assert "2 people are on these forms: AB: Example School · Evenings · 4 new answers" in text
    assert (before, told.status_code) == ({}, 303)
    assert ("AB" in people, "on paper" in people, "The forms were taken in" in people) == (True, True, True)
    assert given(room) == {
        "AB": {"agreement": "none", "creation": "joint"},
        "CD": {"agreement": "none", "creation": "ready"},
    }


def test_a_form_twice_counts_once_and_a_corrected_one_corrects(building: Building, room, at):
    leader = building.leader(room)
    take_in(leader, at, filled())
    twice = look(leader, at, filled(), name="the same again.pdf")
    take_in(leader, at, filled(creation="/ready"))
    building.house.store_worker.release()

    assert "Nothing in the file was new" in twice.text
    assert given(room) == {"AB": {"agreement": "none", "creation": "ready"}}


def test_a_form_without_initials_is_known_by_what_it_says(building: Building, room, at):
    leader = building.leader(room)
    for files in ([filled("")], [filled("")], [filled("", creation="/ready")]):
        take_in(leader, at, *files)
    building.house.store_worker.release()
    with Store.open(write=False) as store:
        shop = Workshops(store, BANK).get(room.workshop.id)
        on_paper = Workshops(store, BANK).on_paper(shop)

    assert len(on_paper) == 2


def test_forms_count_in_the_picture_and_towards_no_threshold(building: Building, room, at):
    one = f"{at}/c/{room.collaborations[0]}"
    raters(room, 4)
    leader = building.leader(room)
    take_in(leader, at, filled("AB"), filled("CD"), filled("EF"))
    refused = leader.fill(one, action=f"{one}/reveal").status_code
    building.house.store_worker.release()
    raters(room, 1)
    building.house.store_worker.release()
    leader.fill(one, action=f"{one}/reveal")
    building.house.store_worker.release()
    with Store.open(write=False) as store:
        told = Workshops(store, BANK).progress(room.workshop.id).collaborations[0].revealed

    assert refused == 422
    assert (told.raters, told.on_paper) == (8, 3)


@pytest.mark.parametrize(
    ("otherwise", "said"),
    [
        ({LIBRARY_FIELD: "Another library"}, "the form is from Another library and not from"),
        ({PARTY_FIELD: "A choir"}, "Not on the workshop's list, so left out: A choir · Evenings"),
    ],
)
def test_what_does_not_belong_is_said_and_not_taken_in(building: Building, room, at, otherwise, said):
    told = look(building.leader(room), at, filled(**otherwise))
    building.house.store_worker.release()

    assert said in sheet(told.text).text
    assert "Take them in" not in told.text
    assert given(room) == {}


def test_who_was_removed_does_not_come_back_by_the_form_and_another_leader_takes_in_nothing_of_ours(
    building: Building, room, at
):
    leader = building.leader(room)
    shown = look(leader, at, filled())
    form = next(form for form in sheet(shown.text).forms if "held" in dict(form["fields"]))
    page = leader.fill(f"{at}/people", action=f"{at}/share").text
    second = building.browser()
    second.fill("/lead/" + sheet(page).text.split("/lead/")[1].split()[0])
    taken = second.post(f"{at}/forms", form["fields"])
    leader.post(f"{at}/forms", form["fields"])
    (who,) = [each.split("/")[0] for each in leader.get(f"{at}/people").text.split("/people/")[1:]]
    leader.fill(f"{at}/people", action=f"{at}/people/{who}/remove")
    again = look(leader, at, filled(creation="/ready"))

    assert (taken.status_code, "choose them again" in taken.text) == (422, True)
    assert "Nothing in the file was new" in again.text
    assert len(kept(room).removed) == 1


@pytest.mark.parametrize("closed", [True, pytest.param(False, marks=pytest.mark.full)])
def test_the_other_partys_form_is_in_its_words_and_counts_in_nothing_of_the_rooms(building, room, at, closed):
    raters(room, 5)
    leader, one = building.leader(room), room.collaborations[0]
    invitation = leader.fill(f"{at}/c/{one}", action=f"{at}/c/{one}/invite")
    assert f'href="{at}/c/{one}/form.pdf?in=fi"' in invitation.text
    blank_form = leader.get(f"{at}/c/{one}/form.pdf?in=en").content
    words = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(blank_form)).pages).split())
    sent = filled_in(blank_form, {RESPONDENT_FIELD: "The school", "benefit": "/us", "agreement": "/none"})
    if closed:
        day = (TODAY + timedelta(days=7)).isoformat()
        leader.fill(f"{at}/end", ("sure", "yes"), ("party_until", day), action=f"{at}/end")
    told = [take_in(leader, at, sent).status_code for _ in range(2)]
    building.house.store_worker.release()
    with Store.open(write=False) as store:
        (row,) = Workshops(store, BANK).progress(room.workshop.id).collaborations

    assert "Does money pass between you and the library?" in words
    assert words.count("For the library alone: leave this one out.") == 3
    assert (told, row.begun) == ([303, 200], 5)
    assert dict(row.party_assessment.responses) == {"benefit": "us", "agreement": "none"}


def test_the_other_partys_form_is_not_taken_for_an_answer_of_the_librarys(room):
    identity = form_identity(replace(form_content(BANK, "en"), side="them"))
    names = {"party": "Example School", "undertaking": "Evenings", "library": LIBRARY, "respondent": ""}
    form = FilledForm(file="school.pdf", identity=identity, **names, entries=(("response", "benefit", "us"),))
    with Store.open() as store, pytest.raises(FormsRefused, match="the other party's own view"):
        import_forms(store, [form], BANK)

    assert parse_identity(dump_identity(identity)) == identity
    assert '"side"' not in dump_identity(replace(identity, side="us"))
    assert parse_identity(dump_identity(replace(identity, side="both"))) is None
