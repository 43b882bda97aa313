"""Forms that are not taken in: every one told with its place and what to do, in bounded time, and nothing kept."""

import random
import re
import resource
import subprocess
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hostile_forms import bombs, both_ticked, edited, field, large_bombs, renamed, scanned, scripted, with_xfa, without
from papers import NAMES, a_form, choosing, fill, told
from pypdf.generic import NameObject, TextStringObject

from assessor.bank import open_bank
from assessor.exchange import filled_forms
from assessor.exchange.filled_forms import FormProblems, FormsRefused
from assessor.report.paper.questionnaire import form_pdf
from assessor.usecases import paper

TOO_MUCH = "it takes too much time or memory to read, which none of our forms does; fill in a new form"


def refused(*files: bytes) -> list[str]:
    """The problems, a line each."""
    with pytest.raises(FormsRefused) as error:
        told(*files)
    return [problem.message(str) for problem in error.value.problems]


def read(files: Mapping[str, bytes]) -> list:
    """The forms read, and last a list of what is wrong with the others, a line each."""
    problems = FormProblems()
    forms = filled_forms.read_forms(list(files.items()), problems)
    return [*forms, [problem.message(str) for problem in problems.found]]


@pytest.fixture(scope="module")
def filled_in(blank):
    return fill(blank, choosing("dokk1", 1))


def asking(**facts: str) -> bytes:
    """A form of another instrument than ours."""
    ours = a_form()
    return form_pdf(replace(ours, instrument=replace(ours.instrument, precompiled=ours.instrument.diagram, **facts)))


def read_by_name(data: bytes) -> list[str]:
    with pytest.raises(FormsRefused) as error:
        paper.read_filled_forms([("form.pdf", data)], open_bank("dokk1"))
    return [problem.message(str) for problem in error.value.problems]


def test_another_version_s_form_is_refused_with_both_versions_and_where_to_get_a_new_one():
    assert read_by_name(asking(version="0.9")) == [
        "form.pdf: the form asks version 0.9 of dokk1, and the questions are now version 1.1, so nothing is guessed; "
        "make a new form with: assessor form, or type it in at the keyboard"
    ]


def test_a_version_edited_in_place_is_refused():
    (problem,) = read_by_name(asking(digest="0" * 64))

    assert problem.startswith("form.pdf: the form asks other questions than dokk1 1.1 does now")


def test_an_unknown_questionnaire_s_form_is_refused():
    (problem,) = read_by_name(asking(id="another"))

    assert problem.startswith("form.pdf: the form asks the questionnaire another, which is not here")


def test_another_of_our_questionnaires_is_read_by_its_own_questions(made):
    data = fill(made("form", "winwin", "fi"), choosing("winwin", 0))
    (found,), empty = paper.read_filled_forms([("a.pdf", data)], open_bank("dokk1"))

    assert (found.identity.instrument, empty) == ("winwin", ())


def test_a_field_of_another_name_is_refused_where_it_is_lacking_and_where_it_is_strange(filled_in):
    assert refused(renamed(filled_in, "scope", "skope")) == [
        "0.pdf, page 2, skope: none of our forms has this field; fill in a new form",
        "0.pdf, scope: the field is not in the file any more; fill in a new form, or type it in at the keyboard",
    ]


def test_a_lost_field_is_refused(filled_in):
    problems = refused(without(filled_in, "track"))

    assert [line for line in problems if line.startswith("0.pdf, track: the field is not in the file any more")]
    assert [line for line in problems if "a place to fill in belongs to no field" in line]


def test_two_answers_ticked_by_a_broken_program_are_refused(filled_in):
    assert refused(both_ticked(filled_in, "payment", "none", "gift")) == [
        "0.pdf, page 1, payment: more than one answer is ticked (gift, none); "
        "leave one of them ticked and save it again"
    ]


def test_what_is_said_and_what_is_shown_must_agree(blank):
    def change(_, form):
        field(form, "payment")[NameObject("/V")] = NameObject("/we_pay")

    assert "(we_pay, none)" in refused(edited(both_ticked(blank, "payment", "none"), change))[0]


def test_an_answer_that_is_none_is_refused(filled_in):
    def change(_, form):
        payment = field(form, "payment")
        payment[NameObject("/V")] = NameObject("/gratis")
        for widget in payment["/Kids"]:
            widget.get_object()[NameObject("/AS")] = NameObject("/Off")

    assert refused(edited(filled_in, change)) == [
        "0.pdf, page 1, payment: gratis is not one of the answers; choose one of: none, gift, shared, we_pay, "
        "they_pay, dont_know"
    ]


def test_texts_that_cannot_be_kept_are_all_told_at_once(blank):
    values = NAMES | {"note-creation": "x" * 4_001, "note-scope": "a\uffffb", "creation": "/joint", "name-party": " "}

    assert refused(fill(blank, values)) == [
        "0.pdf, page 1, note-creation: the text has 4001 characters; at most 4000 are kept, so shorten it",
        "0.pdf, page 2, note-scope: the character U+FFFF cannot be stored in every file; remove it",
    ]
    assert refused(fill(blank, {"creation": "/joint"})) == [
        "0.pdf, page 1, name-party: the other party has no name; write it in the form and save it again"
    ]


def test_every_problem_in_every_file_is_told_at_once(filled_in):
    problems = refused(filled_in, scanned(), scripted(filled_in), with_xfa(filled_in), filled_in[:30_000], b"", b"PK")

    assert [problem.split(": ")[0] for problem in problems] == [f"{at}.pdf" for at in range(1, 7)]
    assert "it is a scan, or was printed to a PDF" in problems[0]
    assert "there is a script or an action in it" in problems[1]
    assert "another kind of form (XFA)" in problems[2]
    assert all("this cannot be read as a PDF" in problem for problem in problems[3:])


@pytest.mark.parametrize(
    "options", [("--flatten-annotations=all", "--remove-acroform"), ("--flatten-annotations=all",)]
)
def test_a_form_printed_to_a_pdf_is_refused_with_the_keyboard_as_the_way_out(filled_in, tmp_path, options):
    before, after = tmp_path / "before.pdf", tmp_path / "after.pdf"
    before.write_bytes(filled_in)
    subprocess.run(["qpdf", "--flatten-annotations=all", str(before), str(after)], check=True)

    assert "at the keyboard" in " ".join(refused(after.read_bytes()))


@pytest.mark.parametrize("word", ["", "secret"])
def test_a_locked_form_is_refused(filled_in, tmp_path, word):
    before, after = tmp_path / "before.pdf", tmp_path / "after.pdf"
    before.write_bytes(filled_in)
    subprocess.run(["qpdf", "--encrypt", word, "owner", "256", "--", str(before), str(after)], check=True)

    assert refused(after.read_bytes()) == [
        "0.pdf: the file is locked, or protected against changes, with a password; save a copy without one"
    ]


def test_two_forms_put_into_one_file_are_refused(filled_in, blank, tmp_path):
    one, other, both = (tmp_path / name for name in ("one.pdf", "other.pdf", "both.pdf"))
    one.write_bytes(filled_in)
    other.write_bytes(fill(blank, choosing("dokk1", 2)))
    subprocess.run(["qpdf", "--empty", "--pages", str(one), str(other), "--", str(both)], check=True)

    assert any("give each form by itself" in line or "none of our forms" in line for line in refused(both.read_bytes()))


def test_an_identity_that_disagrees_with_itself_is_refused(filled_in):
    def change(_, form):
        identity = field(form, "assessor-form")
        told_otherwise = str(identity["/V"]).replace('"version":"1.1"', '"version":"0.9"')
        identity[NameObject("/V")] = TextStringObject(told_otherwise)

    assert "says two things about which questions it asks" in refused(edited(filled_in, change))[0]


def test_a_file_of_eleven_megabytes_is_not_read(filled_in):
    assert "larger than 10 MB" in refused(filled_in + bytes(10_000_001))[0]


def seconds() -> float:
    """Of processor, of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_small_files_made_to_take_for_ever_end_soon_and_are_no_forms(tmp_path, monkeypatch):
    most = tmp_path / "most"
    tell = f"import pathlib; pathlib.Path({str(most)!r}).write_text(pathlib.Path('/proc/self/status').read_text())"
    monkeypatch.setattr(filled_forms, "READER_PROGRAM", f"{filled_forms.READER_PROGRAM}; {tell}")
    names, files = zip(*bombs(), strict=True)
    before = seconds()
    problems = refused(*files)

    assert len(names) == len(problems) > 18
    assert seconds() - before < 20
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", most.read_text())
    assert int(peak) < 300_000


@pytest.mark.full
def test_large_files_made_to_take_for_ever_end_too():
    for name, data in large_bombs():
        before = seconds()

        assert len(refused(data)) == 1, name
        assert seconds() - before < 9, name


def test_a_file_on_which_the_reading_ends_spoils_no_other(filled_in, monkeypatch):
    ending = "pdf_fields.read = lambda data, read=pdf_fields.read: os._exit(9) if data == b'end' else read(data); "
    program = filled_forms.READER_PROGRAM.replace("pdf_fields.main()", f"import os; {ending}pdf_fields.main()")
    monkeypatch.setattr(filled_forms, "READER_PROGRAM", program)
    before, after, refusals = read({"before.pdf": filled_in, "end.pdf": b"end", "after.pdf": filled_in})

    assert (before.file, after.file, before.fields) == ("before.pdf", "after.pdf", after.fields)
    assert refusals == [f"end.pdf: {TOO_MUCH}"]


def test_a_reading_that_takes_too_long_is_ended(filled_in, monkeypatch):
    monkeypatch.setattr(filled_forms, "SECONDS_PER_FILE", 0.01)

    assert read({"late.pdf": filled_in}) == [[f"late.pdf: {TOO_MUCH}"]]


def test_a_form_with_bytes_changed_is_read_or_refused_and_never_anything_else(filled_in):
    chance = random.Random(2026)
    files = []
    for _ in range(40):
        data = bytearray(filled_in)
        for _ in range(chance.choice((1, 4, 40))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        files.append(bytes(data[: chance.choice((len(data), chance.randrange(len(data))))]))
    *whole, refusals = read({f"{number}.pdf": data for number, data in enumerate(files)})

    named = [form.file for form in whole] + [refusal.partition(":")[0].partition(",")[0] for refusal in refusals]
    assert set(named) == {f"{number}.pdf" for number in range(40)}
    assert refusals
