"""Filled-in forms read back: what was ticked and written, whoever filled it in, and nothing else."""

import io
import subprocess

import pypdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import LANGUAGES, NAMES, choosing, fill, meant, told, told_here

from assessor import bank
from assessor.core import paper_fields
from assessor.core.text_limits import unfit_characters
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


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"ends-month-agreement": "next year"}, "next year is no month; write it as 2027-06 or 6/2027"),
        ({"ends-month-agreement": "6/2027", "ends-agreement": "/open"}, "a month (6/2027) is written and an answer is"),
    ],
)
def test_an_end_that_is_no_month_or_two_things_is_refused(blank, values, reason):
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


def clicked(data: bytes, ticked: dict[str, str], typed: dict[str, str]) -> bytes:
    """The form as a person fills it in with Chromium's own reader: by clicking and typing."""
    raw = pypdfium2.raw
    places = {}
    for number, sheet in enumerate(pypdf.PdfReader(io.BytesIO(data)).pages):
        for widget in (each.get_object() for each in sheet["/Annots"]):
            states = [key[1:] for key in widget["/AP"]["/N"] if key != "/Off"] if "/AS" in widget else [""]
            name = str(widget["/Parent"]["/T"])
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
