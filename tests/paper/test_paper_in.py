"""Filled-in forms read back: what was ticked and written, whoever filled it in, and nothing else."""

import io
import subprocess

import pypdf
import pypdfium2
import pytest
from hostile_forms import edited, field
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import LANGUAGES, NAMES, choosing, field_of, fill, meant, told, told_here
from pypdf.generic import NameObject, TextStringObject

from assessor import bank
from assessor.core import paper_fields
from assessor.core.text_limits import unfit_characters
from assessor.exchange import filled_forms
from assessor.exchange.filled_forms import FormsRefused

_NOTES = {
    "note-creation": '=HYPERLINK("http://127.0.0.1:9/")',
    "note-payment": "<img src=x onerror=alert(1)> {{ 7*7 }} %(x)s",
    "note-control": "مرحبا \u202eabc\u202c שלום",
    "note-": "rad ett\nrad två (med) \\ snedstreck\n\nđ ŋ ŧ š ž \N{GRINNING FACE}",
}


def _filled_in(made, name: str, language: str, places: range) -> None:
    given = [choosing(name, at) for at in places]
    found = told(*(fill(made("form", name, language), values) for values in given), name=name)

    assert [set(each.entries) for each in found] == [meant(values) for values in given]
    assert {(each.party, each.identity.language) for each in found} == {("Exempelkören", language)}


@pytest.mark.parametrize(("name", "language"), [("dokk1", "fi"), ("winwin", "sv")])
def test_every_option_of_every_item_comes_back(made, name, language):
    most = max(
        len(field.options)
        for field in paper_fields.collaboration_fields(bank.open_bank(name).instrument)
        if field.name not in _BELIEFS
    )

    _filled_in(made, name, language, range(most))


_BELIEFS = (paper_fields.GUT_FIELD, paper_fields.WANTED_FIELD)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_in_any_language_comes_back(made, language):
    _filled_in(made, "dokk1", language, range(5, 7))


def test_a_month_that_is_written_is_when_the_paper_ends(blank):
    (found,) = told(fill(blank, NAMES | {"agreement": "/agreement", "ends-month-agreement": "6/2027"}))

    assert set(found.entries) == {("response", "agreement", "agreement"), ("ends", "agreement", "2027-06")}


def test_the_note_to_be_quoted_is_named_by_the_number_of_its_question(blank):
    items = [item.id for item in bank.open_bank("dokk1").instrument.items]
    files = [fill(blank, NAMES | {"quoted-note": number}) for number in ("0", "3")]

    assert [found.entries for found in told(*files)] == [(("quoted", "", "yes"),), (("quoted", items[2], "yes"),)]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"quoted-note": "the last"}, "the last is not the number of a question; write one from 0 to"),
        ({"quoted-note": "99"}, "99 is not the number of a question"),
        ({"ends-month-agreement": "next year"}, "next year is no month; write it as 2027-06 or 6/2027"),
        ({"ends-month-agreement": "6/2027", "ends-agreement": "/open"}, "a month (6/2027) is written and an answer is"),
    ],
)
def test_an_end_that_is_no_month_or_two_things_or_a_number_of_no_question_is_refused(blank, values, reason):
    with pytest.raises(FormsRefused) as refused:
        told(fill(blank, NAMES | {"agreement": "/agreement"} | values))

    assert reason in str(refused.value)


def test_hostile_and_right_to_left_notes_come_back_letter_for_letter(blank):
    (found,) = told(fill(blank, NAMES | _NOTES))

    assert {item: value for kind, item, value in found.entries} == {
        name.removeprefix("note-"): value for name, value in _NOTES.items()
    }


@settings(max_examples=5)
@given(st.lists(st.text(max_size=40).filter(lambda text: not unfit_characters(text)), min_size=16, max_size=16))
def test_any_text_that_is_kept_comes_back_but_for_blanks_around_it(made, texts):
    names = [f"note-{item.id}" for item in bank.open_bank("dokk1").instrument.items][: len(texts)]
    raw = told_here(fill(made("form", "dokk1", "en"), dict(zip(names, texts, strict=True))))
    held = {each.name: "".join(each.values) for each in raw.fields}

    plain = [text.replace("\r\n", "\n").replace("\r", "\n").strip() for text in texts]
    assert [held[name].replace("\r\n", "\n").replace("\r", "\n").strip() for name in names] == plain


def in_widgets(values: dict[str, str], *, only_last: bool = False):
    """Writes values as poppler does, the engine of GNOME's viewer: into the places, whatever the field says."""

    def change(_, form):
        for name, value in values.items():
            one = field(form, name)
            for widget in [each.get_object() for each in one.get("/Kids", [one])][-1 if only_last else 0 :]:
                widget[NameObject("/V")] = TextStringObject(value)

    return change


def by_apple(name: str, option: str):
    """Chooses an option as Apple's programs do: the touched button becomes a field of the same name by itself."""

    def change(_, form):
        one = field(form, name)
        kid = next(each.get_object() for each in one["/Kids"] if f"/{option}" in each.get_object()["/AP"]["/N"])
        for key in ("/T", "/FT", "/Ff"):
            kid[NameObject(key)] = one[key]
        kid[NameObject("/AS")] = kid[NameObject("/V")] = NameObject(f"/{option}")
        del kid["/Parent"]

    return change


def unticked(data: bytes, name: str) -> bytes:
    """The form with no button of a field shown as chosen, while the field still says which one was."""

    def change(_, form):
        for widget in field(form, name)["/Kids"]:
            widget.get_object()[NameObject("/AS")] = NameObject("/Off")

    return edited(data, change)


def test_what_gnomes_viewer_writes_into_the_places_is_what_the_form_says(made):
    before = fill(made("form", "dokk1", "en"), NAMES | {"creation": "/joint"})
    typed = {"note-creation": "Reading circle", paper_fields.UNDERTAKING_FIELD: "Another undertaking"}
    (found,) = told(edited(before, in_widgets(typed)))
    (changed_once,) = told(edited(before, in_widgets(typed, only_last=True)))

    assert found.undertaking == changed_once.undertaking == "Another undertaking"
    assert found.entries == (("response", "creation", "joint"), ("note", "creation", "Reading circle"))


def test_places_that_say_different_things_are_refused_and_named(blank):
    before = fill(blank, NAMES | {"creation": "/joint"})
    once = edited(before, in_widgets({paper_fields.PARTY_FIELD: "One"}))
    with pytest.raises(FormsRefused) as caught:
        told(edited(once, in_widgets({paper_fields.PARTY_FIELD: "Other"}, only_last=True)))

    assert [line for line in str(caught.value).splitlines() if "different things" in line] == [
        "0.pdf, page 1, name-party: it says different things in different places ('One', 'Other'); "
        "write the same in each and save it again"
    ]
    assert str(caught.value).splitlines()[-1] == filled_forms.PROGRAMS_THAT_WORK


def test_a_button_that_apples_programs_made_a_field_of_its_own_is_read_as_its_fields(blank):
    before = fill(blank, NAMES | {"creation": "/ready", "payment": "/none"})
    (found,) = told(edited(unticked(before, "creation"), by_apple("creation", "joint")))

    assert set(found.entries) == {("response", "creation", "joint"), ("response", "payment", "none")}


def test_marks_of_language_in_a_text_are_no_part_of_it(blank):
    (found,) = told(edited(fill(blank, NAMES), in_widgets({"note-creation": "\x1bsv\x1bHej \x1ben-GB\x1bhello"})))

    assert found.entries == (("note", "creation", "Hej hello"),)


def test_a_form_that_is_protected_against_changes_only_is_read(blank, tmp_path):
    before, after = tmp_path / "before.pdf", tmp_path / "after.pdf"
    before.write_bytes(fill(blank, NAMES | {"creation": "/joint"}))
    weak = ("--allow-weak-crypto", "--encrypt", "", "owner", "128", "--modify=form", "--")
    subprocess.run(["qpdf", *weak, str(before), str(after)], check=True)

    assert [form.entries for form in told(after.read_bytes())] == [(("response", "creation", "joint"),)]


def clicked(data: bytes, ticked: dict[str, str], typed: dict[str, str]) -> bytes:
    """The form as a person fills it in with Chromium's own reader: by clicking and typing."""
    raw = pypdfium2.raw
    places = {}
    for number, sheet in enumerate(pypdf.PdfReader(io.BytesIO(data)).pages):
        for widget in (each.get_object() for each in sheet["/Annots"]):
            states = [key[1:] for key in widget["/AP"]["/N"] if key != "/Off"] if "/AS" in widget else [""]
            name = str(field_of(widget)["/T"])
            places.setdefault((name, states[0]), (number, [float(each) for each in widget["/Rect"]]))
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    form = document.formenv.raw
    for (name, option), text in [
        *(((name, at), "") for name, at in ticked.items()),
        *((k, v) for k, v in typed.items()),
    ]:
        number, (left, bottom, right, top) = places[name, option]
        page = document[number]
        x, y = (left + right) / 2, (bottom + top) / 2
        raw.FORM_OnMouseMove(form, page.raw, 0, x, y)
        raw.FORM_OnLButtonDown(form, page.raw, 0, x, y)
        raw.FORM_OnLButtonUp(form, page.raw, 0, x, y)
        for letter in text:
            raw.FORM_OnChar(form, page.raw, ord(letter), 0)
        raw.FORM_ForceToKillFocus(form)
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def test_what_is_clicked_and_typed_in_chromium_s_reader_comes_back(blank):
    ticked = {item.id: item.options[-1] for item in bank.open_bank("dokk1").instrument.items}
    ticked |= {"gut-feeling": "service", "wanted-level": "strategic", "gain-ideas": "yes", "payment": "dont_know"}
    typed = {("name-party", ""): "Föreningen Ö", ("note-scope", ""): "Å ä ö", ("note-", ""): "två ord"}
    (found,) = told(clicked(blank, ticked, typed))

    expected = {("response", item.id, ticked[item.id]) for item in bank.open_bank("dokk1").instrument.items}
    expected |= {("gut", "", "service"), ("wanted", "", "strategic"), ("gains", "", "ideas")}
    assert found.party == "Föreningen Ö"
    assert set(found.entries) == expected | {("note", "scope", "Å ä ö"), ("note", "", "två ord")}


def test_a_tick_moved_or_taken_back_in_chromium_s_reader_leaves_no_trace(blank):
    once = clicked(blank, {"creation": "ready", "gain-ideas": "yes", "gain-use": "yes"}, {("name-party", ""): "A"})
    (found,) = told(clicked(once, {"creation": "joint", "gain-ideas": "yes"}, {}))

    assert found.entries == (("response", "creation", "joint"), ("gains", "", "use"))


@pytest.mark.parametrize(
    "options",
    [
        ("--linearize",),
        ("--qdf", "--object-streams=disable"),
        ("--object-streams=generate", "--recompress-flate"),
        ("--generate-appearances",),
        ("--coalesce-contents", "--newline-before-endstream"),
    ],
)
def test_a_form_saved_again_by_another_program_says_the_same(blank, tmp_path, options):
    before, after = tmp_path / "before.pdf", tmp_path / "after.pdf"
    before.write_bytes(fill(blank, choosing("dokk1", 1) | _NOTES))
    subprocess.run(["qpdf", *options, str(before), str(after)], check=True)
    first, second = told(before.read_bytes(), after.read_bytes())

    assert first.entries == second.entries
    assert after.read_bytes() != before.read_bytes()


def test_what_is_appended_to_a_file_counts(blank):
    filled_in = fill(blank, NAMES | {"creation": "/ready"})
    writer, out = pypdf.PdfWriter(io.BytesIO(filled_in), incremental=True), io.BytesIO()
    for sheet in writer.pages:
        writer.update_page_form_field_values(sheet, {"creation": "/joint"}, auto_regenerate=False)
    writer.write(out)

    assert out.getvalue().startswith(filled_in)
    assert [each.entries for each in told(out.getvalue())] == [(("response", "creation", "joint"),)]


def test_each_of_several_collaborations_in_a_file_is_read_by_itself_and_untouched_ones_are_left_out(made):
    values = {"1.creation": "/joint", "3.creation": "/ready", "3.note-": "Tredje"}
    found = told(fill(made("forms", "dokk1", "fi"), values))

    assert [(each.party, each.entries) for each in found] == [
        ("Exempelkören", (("response", "creation", "joint"),)),
        ("Fråga", (("response", "creation", "ready"), ("note", "", "Tredje"))),
    ]


def test_a_form_that_nothing_is_written_in_says_nothing(blank):
    assert told(blank, fill(blank, NAMES)) == []
