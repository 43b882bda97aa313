"""The fields of a form: named by item, told in words, and in the page's order."""

import io

import pypdf
import pytest
from papers import LANGUAGES, field_of

from assessor import bank
from assessor.core import paper_fields
from assessor.core.responses import DONT_KNOW


def fields(data):
    return pypdf.PdfReader(io.BytesIO(data)).get_fields()


def widgets(data):
    """By page, the places to fill in, in the order that a keyboard goes through them."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    return [[each.get_object() for each in sheet.get("/Annots", ())] for sheet in reader.pages]


def shown(data):
    return [widget for page in widgets(data) for widget in page if widget["/F"] == 4]


def test_an_item_s_field_has_its_id_and_offers_its_options_and_dont_know(blank):
    found = fields(blank)

    for item in bank.open_bank("dokk1").instrument.items:
        assert found[item.id]["/FT"] == "/Btn"
        assert set(found[item.id]["/_States_"]) == {f"/{option}" for option in (*item.options, DONT_KNOW)} | {"/Off"}
        assert found[f"note-{item.id}"]["/FT"] == "/Tx"


def test_nothing_is_ticked_beforehand(blank):
    assert {
        str(field.get("/V", "")) for name, field in fields(blank).items() if name != paper_fields.IDENTITY_FIELD
    } <= {
        "",
        "/Off",
    }
    assert {str(widget.get("/AS", "/Off")) for widget in shown(blank)} == {"/Off"}


def test_a_form_has_the_fields_that_its_reader_expects_and_no_other(blank):
    expected = {field.name for field in paper_fields.collaboration_fields(bank.open_bank("dokk1").instrument)}

    assert set(fields(blank)) == expected | {paper_fields.IDENTITY_FIELD}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_and_every_option_is_told_in_words(made, language):
    words = bank.open_bank("dokk1").wording(language)
    told = [str(widget["/TU"]) for widget in shown(made("form", "dokk1", language)) if "/TU" in widget]
    groups = {name: str(field["/TU"]) for name, field in fields(made("form", "dokk1", language)).items()}

    assert all(groups.values())
    for item, asked in words.items.items():
        assert groups[item] == asked.ask
        assert [label for label in (option.label for option in asked.options.values()) if label not in told] == []


def test_the_keyboard_goes_through_the_page_as_it_is_read(blank):
    reader = pypdf.PdfReader(io.BytesIO(blank))
    found = [str(field_of(widget)["/T"]) for page in widgets(blank) for widget in page if widget["/F"] == 4]
    once = [name for name in dict.fromkeys(found)]
    asked = [name for name in once if name in bank.open_bank("dokk1").instrument.by_id]

    assert {str(sheet["/Tabs"]) for sheet in reader.pages} == {"/S"}
    assert asked == [item.id for item in bank.open_bank("dokk1").instrument.items]
    assert once[:5] == [*paper_fields.NAME_FIELDS, paper_fields.GUT_FIELD]
    assert once.index(paper_fields.WANTED_FIELD) > once.index(asked[-1])  # what is wanted would colour the answers


def test_names_on_later_pages_are_those_of_the_first(blank):
    first, *later = ({str(field_of(each)["/T"]) for each in page} for page in widgets(blank))

    assert [first & page for page in later] == [{paper_fields.PARTY_FIELD, paper_fields.UNDERTAKING_FIELD}] * 2


def test_a_field_with_one_place_is_one_dictionary_with_it_so_that_no_program_can_write_to_half_of_it(blank):
    found = [field_of(each) is each for each in shown(blank) if field_of(each)["/FT"] == "/Tx"]
    twice = [each for each in shown(blank) if field_of(each) is not each and field_of(each)["/FT"] == "/Tx"]

    assert found.count(True) > 15
    assert {str(field_of(each)["/T"]) for each in twice} == {paper_fields.PARTY_FIELD, paper_fields.UNDERTAKING_FIELD}


def test_no_two_places_to_write_share_what_is_drawn_in_them(blank):
    drawn = [each["/AP"].raw_get("/N").idnum for each in shown(blank) if field_of(each)["/FT"] == "/Tx"]

    assert len(drawn) == len(set(drawn)) > 20


def test_places_lie_on_the_page_and_beside_one_another(blank):
    for page in widgets(blank):
        rects = [tuple(map(float, each["/Rect"])) for each in page if each["/F"] == 4]
        assert [one for one in rects if one[0] < 28 or one[1] < 28 or one[2] > 567 or one[3] > 814] == []
        assert [
            (one, other)
            for at, one in enumerate(rects)
            for other in rects[at + 1 :]
            if min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(one[1], other[1])
        ] == []


def test_which_questions_it_asks_is_hidden_twice(blank):
    instrument = bank.open_bank("dokk1").instrument
    facts = paper_fields.FormIdentity(
        instrument="dokk1", version="1.1", digest=instrument.digest, language="sv", made="2026-11-22", copies=1
    )
    hidden = fields(blank)[paper_fields.IDENTITY_FIELD]

    assert (
        paper_fields.parse_identity(hidden["/V"])
        == paper_fields.parse_identity(pypdf.PdfReader(io.BytesIO(blank)).metadata.keywords)
        == facts
    )
    assert hidden["/Ff"] & 1  # read-only


def test_names_known_beforehand_stand_in_their_fields(made):
    found = fields(made("forms", "dokk1", "fi"))

    assert found["1.name-party"]["/V"] == "Exempelkören"
    assert found["1.name-undertaking"]["/V"] == "Sång på torget"
    assert found["3.name-party"]["/V"] == "Fråga"
    assert {found[f"{copy}.name-library"]["/V"] for copy in (1, 2, 3)} == {"Exempelbiblioteket"}


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", "x" * 10_000, "[" * 100_000, '{"form":1}', '{"form":2,"instrument":"dokk1"}', "1e999"],
)
def test_no_other_text_is_heard_as_an_identity(text):
    assert paper_fields.parse_identity(text) is None
