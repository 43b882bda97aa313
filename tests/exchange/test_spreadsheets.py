"""Spreadsheets in and out: Nordic files read right or refused with the cell, all or nothing, and back as they were."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from profiles import scaled

from assessor import bank
from assessor.bank import open_bank
from assessor.core.responses import PlannedStep
from assessor.core.text_limits import unfit_characters
from assessor.exchange import BadFile, collaboration_list, library_tables, list_vocabulary, spreadsheet_reader
from assessor.exchange.file_problems import FileProblems
from assessor.exchange.grids import NotASheet, SheetTooLarge, UnclosedQuote
from assessor.store import Store
from assessor.usecases import spreadsheets
from assessor.usecases.assessments import Assessments

LIBRARY = "Example Library"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "kept.db", create=True) as opened:
        yield opened


def taken(store: Store, data: bytes, name: str = "list.csv", library: str = LIBRARY) -> spreadsheets.ImportPlan:
    planned = spreadsheets.plan_import(store, library, open_bank("dokk1"), data, name)
    spreadsheets.apply_plan(store, planned, open_bank("dokk1"))
    return planned


def problems(store: Store, data: bytes) -> list[str]:
    with pytest.raises(BadFile) as caught:
        spreadsheets.plan_import(store, LIBRARY, open_bank("dokk1"), data, "list.csv")
    return str(caught.value).splitlines()[1:]


def names(store: Store) -> list[str]:
    return [each.name for each in store.collaborations(LIBRARY)]


@pytest.mark.parametrize(
    "data",
    [
        "Party;Undertaking\r\nBjörkskolan;Läsning på å\r\n".encode("cp1252"),
        "Party;Undertaking\r\nBjörkskolan;Läsning på å\r\n".encode(),
        "Party;Undertaking\r\nBjörkskolan;Läsning på å\r\n".encode("utf-8-sig"),
        "Party,Undertaking\nBjörkskolan,Läsning på å\n".encode(),
        "Party\tUndertaking\r\nBjörkskolan\tLäsning på å\r\n".encode("utf-16"),
        "Our list 2026;\r\n;\r\nParty;Undertaking\r\nBjörkskolan;Läsning på å\r\n".encode("cp1252"),
    ],
    ids=["windows", "utf-8", "with a mark", "commas", "excel's unicode text", "with a title above"],
)
def test_a_list_is_read_however_a_nordic_excel_wrote_it(store, data):
    taken(store, data)

    assert names(store) == ["Björkskolan · Läsning på å"]


def test_responses_are_understood_in_the_words_of_every_language_and_as_ids(store):
    languages = bank.open_bank("dokk1").languages
    options = [bank.open_bank("dokk1").wording(language).items["creation"] for language in languages]
    heads = "Party;" + options[0].short + ";benefit"
    rows = [f"P{at};{words.options['joint'].label};dont_know" for at, words in enumerate(options)]
    taken(store, "\r\n".join([heads, *rows]).encode())

    assert [each.responses for each in store.assessments()] == [
        {"creation": "joint", "benefit": "dont_know"} for _ in languages
    ]


EARLIER = "Kajen;The rent;ready;neither;them;they_pay;delivery"


@pytest.mark.parametrize("language", ["sv", "fi", "da", "nb", "en"])
def test_a_list_in_the_words_of_an_earlier_version_is_carried_over(store, language):
    then = open_bank("dokk1").earlier("1.0").wording(language).items
    items = ("creation", "contribution", "benefit", "payment", "price")
    party, undertaking, *options = EARLIER.split(";")
    words = [then[item].options[option].label for item, option in zip(items, options, strict=True)]
    heads = ["Party", "Undertaking", *(then[item].ask for item in items)]
    planned = taken(store, "\r\n".join("\t".join(row) for row in (heads, [party, undertaking, *words])).encode())
    (assessment,) = store.assessments()

    assert (planned.carried, planned.unread_columns, assessment.version) == (True, (), "1.1")
    assert assessment.responses == {
        "creation": "ready",
        "contribution": "neither",
        "benefit": "them",
        "price": "delivery",
    }


def test_an_export_of_an_earlier_version_changes_its_assessment_here_and_is_carried_over_elsewhere(store, tmp_path):
    then = open_bank("dokk1").earlier("1.0")
    earlier = Assessments(store, LIBRARY, then)
    opened = earlier.begin(earlier.add_collaboration("Kajen", "The rent"))
    for item, option in (("creation", "ready"), ("payment", "none"), ("benefit", "both")):
        opened = earlier.respond(opened, item, option, key=item)
    data = spreadsheets.export_spreadsheet(store, LIBRARY, then, "en", "csv")
    corrected = data.replace(b";none;", b";shared;")
    with Store.open(tmp_path / "other.db", create=True) as other:
        elsewhere = taken(other, data)
        (adopted,) = other.assessments()

    assert corrected != data
    assert taken(store, data).count == 0
    assert [(each.item, each.value) for each in taken(store, corrected).changes] == [("payment", "shared")]
    assert (elsewhere.carried, adopted.version) == (True, "1.1")
    assert adopted.responses == {"creation": "ready", "payment": "none", "benefit": "both"}


def test_every_problem_is_told_at_once_with_its_cell_and_nothing_is_taken_in(store):
    data = (
        "Party;creation;benefit;wanted;party;Kontakt\r\n"
        ";joint;x;;;\r\n"
        "A;joinnt;both;supply;;\r\n"
        "B;;;;;;beyond\r\n"
        f"{'C' * 201};;;;;\r\n"
    ).encode()

    assert problems(store, data) == [
        "E1: the heading party also appears in A1; remove one of the columns",
        "G4: there is text in a column without a heading; give it one, or empty the cell",
        "A2: the other party is missing; write its name, or empty the row",
        "C2: 'x' is not an answer here; choose one of: Neither; Only us; Only them; Both; Don't know",
        "B3: 'joinnt' is not an answer here; choose one of: Nothing for users; Comes ready-made; Each its own part; "
        "Both shape it; Don't know",
        "D3: 'supply' is not a placement; choose one of: Strategic partnership; Service-based partnership; "
        "Network cooperation; Supplier relation; Customer relation; Outside the model; Don't know",
        "A5: the text has 201 characters and may have 200; shorten it",
    ]
    assert store.libraries() == ()


def test_rows_on_one_collaboration_are_one_where_they_do_not_disagree_and_that_is_told(store):
    data = b"Party;Undertaking;creation;note\r\nA;x;joint;Anna 040\r\nB;x;;\r\nA;x;;Ben 050\r\n"
    planned = taken(store, data)

    assert names(store) == ["A \u00b7 x", "B \u00b7 x"]
    assert [(each.responses, each.notes) for each in store.assessments()] == [
        ({"creation": "joint"}, {"": "Anna 040\nBen 050"})
    ]
    assert list(map(str, planned.remarks)) == [
        "A2: this collaboration is named again in row 4; the rows were read as one"
    ]


def test_rows_on_one_collaboration_that_disagree_are_refused(store):
    assert problems(store, b"Party;Undertaking;creation\r\nA;x;joint\r\nB;x;\r\nA;x;ready\r\n") == [
        "A4: the same party and undertaking also appear in row 2; make them one row, or give the undertakings "
        "different names"
    ]


def test_a_heading_with_a_slip_in_it_is_told_and_a_strange_one_is_left_unread(store):
    assert problems(store, b"Party;creatoin\r\nA;joint\r\n") == [
        "B1: the heading creatoin is not known; the nearest is creation, so correct it or give the column another name"
    ]
    assert taken(store, b"Party;Telephone\r\nA;040\r\n").unread_columns == ("Telephone",)


def test_columns_of_ones_own_that_are_called_as_ours_are_not_taken_for_ours(store):
    data = b"ID;Version;Started;Party;Collaboration\r\n1;draft;spring;A;Chess\r\n2;final;;A;Go\r\n"

    assert taken(store, data).unread_columns == ("ID", "Version", "Started")
    assert names(store) == ["A \u00b7 Chess", "A \u00b7 Go"]
    assert store.assessments() == ()


def test_a_note_to_an_item_is_found_by_the_items_words_and_its_id(store):
    short = bank.open_bank("dokk1").wording("fi").items["creation"].short
    taken(store, f"Party;{short}: note;benefit.note\r\nA;first;second\r\n".encode())

    assert [each.notes for each in store.assessments()] == [{"creation": "first", "benefit": "second"}]


def test_another_sheet_that_could_have_been_read_is_told(store):
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        for name, party in (("Schools", "A"), ("Clubs", "B")):
            sheet = book.add_worksheet(name)
            sheet.write_column(0, 0, ["Party", party])
    planned = taken(store, written.getvalue(), "list.xlsx")

    assert (planned.sheet, planned.unread_sheets, names(store)) == ("Schools", ("Clubs",), ["A"])


@pytest.mark.parametrize("name", bank.available_banks())
def test_no_word_means_two_things_in_the_languages_of_a_bank(name):
    assert words_of(name).ambiguous == {column: {} for column in words_of(name).ambiguous}


def words_of(name: str, **changed: str) -> list_vocabulary.ListVocabulary:
    """The words of a bank, with a short word of an option of `creation` put in the place of another, by language."""
    wordings = [bank.open_bank(name).wording(language) for language in bank.open_bank(name).languages]
    for at, wording in enumerate(wordings):
        if wording.language in changed:
            words = wording.items["creation"]
            joint = replace(words.options["joint"], short=changed[wording.language])
            options = {**words.options, "joint": joint}
            wordings[at] = replace(wording, items={**wording.items, "creation": replace(words, options=options)})
    return list_vocabulary.build_vocabulary(
        bank.open_bank(name).instrument, wordings, dict(spreadsheets.column_names("en"))
    )


def test_a_word_that_means_one_thing_here_and_another_there_is_refused_and_never_guessed():
    known = words_of("dokk1", sv=bank.open_bank("dokk1").wording("fi").items["creation"].options["ready"].short)
    both = bank.open_bank("dokk1").wording("fi").items["creation"].options["ready"].short
    data = f"Party;creation\r\nA;{both}\r\nB;ready\r\n".encode()
    found = FileProblems()
    read = collaboration_list.read_grid(
        spreadsheet_reader.read_grids(data, "list.csv")[0], bank.open_bank("dokk1").instrument, known, found
    )

    assert [problem.message(str) for problem in found.found] == [
        f"B2: {both!r} means different things in different languages; write one of: ready, joint"
    ]
    assert [row.responses for row in read.rows] == [{}, {"creation": "ready"}]


def test_a_file_without_headings_is_refused(store):
    assert problems(store, b"Anna;040\r\n")[0].startswith("A1: no row of headings was found")


def test_the_same_file_twice_adds_nothing(store):
    data = b"Party;creation;note\r\nA;joint;Good\r\nB;;\r\n"

    assert (taken(store, data).count, taken(store, data).count) == (3, 0)


def test_one_cell_fills_in_an_assessment_and_hides_nothing_of_it(store):
    taken(store, b"Party;creation;benefit\r\nA;joint;both\r\n")
    planned = taken(store, b"Party;agreement\r\nA;agreement\r\n")

    assert [(row.name, [(each.item, each.value) for each in changes]) for row, changes in planned.changes_by_row] == [
        ("A", [("agreement", "agreement")])
    ]
    assert [each.responses for each in store.assessments()] == [
        {"creation": "joint", "benefit": "both", "agreement": "agreement"}
    ]


def test_a_row_that_says_otherwise_than_before_is_refused_and_begins_anew_where_that_is_wanted(store):
    taken(store, b"Party;creation;benefit\r\nA;joint;both\r\n")
    other = b"Party;creation\r\nA;ready\r\n"

    assert problems(store, other) == [
        "B2: A was assessed already, and creation is 'Both shape it' there and 'Comes ready-made' here; "
        "correct the one that is wrong, or add --new-assessments to assess it anew by this list"
    ]
    planned = spreadsheets.plan_import(store, LIBRARY, open_bank("dokk1"), other, "list.csv", new_assessments=True)
    done = spreadsheets.apply_plan(store, planned, open_bank("dokk1"))
    assert (done.collaborations, done.assessments, done.changes) == (0, 1, 0)
    assert [each.responses for each in store.assessments()] == [
        {"creation": "joint", "benefit": "both"},
        {"creation": "ready"},
    ]


def test_an_unclosed_quotation_mark_is_told_with_its_row():
    with pytest.raises(UnclosedQuote, match="opened in row 2"):
        spreadsheet_reader.read_grids(b'Party;x\r\n"A;b\r\nC;d\r\nE;f\r\n', "list.csv")


def some(store: Store) -> Assessments:
    at = Assessments(store, LIBRARY, open_bank("dokk1"))
    case = next(case for case in bank.open_bank("dokk1").cases if case.placements == ("network",))
    opened = at.begin(at.add_collaboration("Example Club", "Chess"))
    for item, option in case.responses.items():
        opened = at.respond(opened, item, option, key=item)
    at.record_note(opened, "creation", '=HYPERLINK("http://127.0.0.1:9/?"&A1)\r\n  two', "n1")
    at.record_note(opened, "", "_x0041_ 007 1e5", "n2")
    at.add_collaboration("'t Hooft", "")
    return at


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_answer_changed_in_the_sheet_is_changed_here_and_nothing_else(store, form):
    some(store)
    before = store.assessments()[0]
    data = spreadsheets.export_spreadsheet(store, LIBRARY, open_bank("dokk1"), "en", form)
    assert taken(store, data, f"list.{form}").count == 0
    if form == "csv":
        given = before.responses["creation"]
        other = next(option for option in ("joint", "ready") if option != given)
        planned = taken(store, data.replace(f";{given};".encode(), f";{other};".encode(), 1))
        assert [(change.item, change.value) for change in planned.changes] == [("creation", other)]
        assert store.assessments()[0].responses == {**before.responses, "creation": other}


def test_an_id_that_is_another_librarys_is_not_written_to(store):
    some(store)
    data = spreadsheets.export_spreadsheet(store, LIBRARY, open_bank("dokk1"), "en", "csv")
    digest = store.content_hash()

    with pytest.raises(BadFile, match="the id is that of Example Club · Chess here"):
        spreadsheets.plan_import(store, "Another Library", open_bank("dokk1"), data, "list.csv")
    assert store.content_hash() == digest


def cells_of(data: bytes) -> list[list[list[object]]]:
    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names]


def fit(text: str) -> bool:
    return not unfit_characters(text)


TEXT = st.one_of(
    st.text(min_size=1, max_size=30).filter(fit),
    st.sampled_from(
        [
            "=1+1",
            "+1",
            "-3",
            "@SUM(1)",
            "\t=1",
            "\r=1",
            "＝1+1",
            "'t Hooft",
            "''",
            "007",
            "1e5",
            "_x0041_",
            " led ",
            "a\r\nb",
            "👩🏽‍🦽",
            "עברית",
            "TRUE",
            "2024-02-30",
            '½;"x"',
        ]
    ),
)
NAME = TEXT.filter(lambda text: text.strip() and not any(char in text for char in "\r\n\t\v\f\x85\u2028\u2029"))


@st.composite
def libraries(draw: st.DrawFn) -> list[tuple[str, str, dict[str, str], dict[str, str], dict[tuple[str, str], str]]]:
    instrument = bank.open_bank("dokk1").instrument
    responses = st.fixed_dictionaries(
        {}, optional={item.id: st.sampled_from((*item.options, "dont_know")) for item in instrument.items}
    )
    notes = st.dictionaries(st.sampled_from(("", *instrument.by_id)), TEXT, max_size=3)
    beside = st.fixed_dictionaries(
        {},
        optional={
            ("ends", "agreement"): st.sampled_from(["2027-06", "open", "dont_know"]),
            ("goal", ""): NAME,
            ("quoted", "agreement"): st.just("yes"),
            ("step", "next.what"): NAME,
            ("step", "next.when"): st.sampled_from(["2027-06", "before the summer"]),
        },
    )
    names = (NAME, st.one_of(st.just(""), NAME))
    return draw(st.lists(st.tuples(*names, responses, notes, beside), min_size=1, max_size=4))


def filled(path: Path, drawn) -> Store:
    store = Store.open(path, create=True)
    at = Assessments(store, LIBRARY, open_bank("dokk1"))
    for number, (party, undertaking, responses, notes, beside) in enumerate(drawn):
        opened = at.begin(at.add_collaboration(party, undertaking))
        for item, option in responses.items():
            store.record_entry(opened.assessment.id, "response", item, option, key=f"{number}{item}")
        for item, text in notes.items():
            store.record_entry(opened.assessment.id, "note", item, text, key=f"{number}n{item}")
        for (kind, item), value in beside.items():
            value = at.add_goal(value, f"{number}goal") if kind == "goal" else value
            store.record_entry(opened.assessment.id, kind, item, value, key=f"{number}{kind}{item}")
    return store


def there_and_back(folder: Path, drawn) -> None:
    with filled(folder / "one.db", drawn) as one:
        out = {
            form: spreadsheets.export_spreadsheet(one, LIBRARY, open_bank("dokk1"), "sv", form)
            for form in ("csv", "xlsx")
        }
    for form, data in out.items():
        with Store.open(folder / f"{form}.db", create=True) as two:
            taken(two, data, f"list.{form}")
            again = {
                each: spreadsheets.export_spreadsheet(two, LIBRARY, open_bank("dokk1"), "sv", each) for each in out
            }
            assert again["csv"] == out["csv"]
            assert cells_of(again["xlsx"]) == cells_of(out["xlsx"])


@settings(max_examples=scaled(12), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(libraries())
def test_what_was_exported_comes_back_as_it_was(tmp_path_factory, drawn):
    there_and_back(tmp_path_factory.mktemp("back"), drawn)


@pytest.mark.full
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(libraries())
def test_a_thousand_assessments_come_back_as_they_were(tmp_path_factory, drawn):
    there_and_back(tmp_path_factory.mktemp("back"), drawn)


@given(TEXT)
def test_a_marked_text_begins_no_formula_and_is_had_back(text):
    assert not library_tables.escape_text(text).startswith(library_tables.FORMULA_STARTS)
    assert library_tables.unescape_text(library_tables.escape_text(text)) == text


def test_nothing_in_an_exported_workbook_is_a_formula_or_a_link(store):
    some(store)
    packed = zipfile.ZipFile(
        io.BytesIO(spreadsheets.export_spreadsheet(store, LIBRARY, open_bank("dokk1"), "en", "xlsx"))
    )
    everything = b"".join(packed.read(name) for name in packed.namelist() if "sheet" in name)

    assert b"<f>" not in everything
    assert b"hyperlink" not in everything.lower().replace(b"=hyperlink(", b"")


@pytest.mark.parametrize("language", bank.open_bank("dokk1").languages)
def test_a_template_takes_back_what_its_drop_downs_offer(store, language):
    data = spreadsheets.empty_template(open_bank("dokk1"), language)
    (sheet, options) = cells_of(data)
    introduction, headings, *_ = sheet
    chosen = {head: column[0] for head, column in zip(headings, zip(*options, strict=False), strict=False) if column[0]}
    heads = [*chosen, *(head for head in headings if head == "Check")]
    row = ";".join(["Party", *map(quoted, heads)]) + "\r\n" + ";".join(["A", *map(quoted, chosen.values())])
    planned = taken(store, f"{quoted(introduction[0])}\r\n{row}".encode())
    instrument = bank.open_bank("dokk1").instrument

    assert store.assessments()[0].responses == {item.id: item.options[0] for item in instrument.items}
    assert planned.unread_columns == ()
    assert [cell for cell in introduction if cell] == [open_bank("dokk1").wording(language).about]


def test_a_template_has_each_question_behind_its_heading_and_is_printed_on_two_pages():
    packed = zipfile.ZipFile(io.BytesIO(spreadsheets.empty_template(open_bank("dokk1"), "en")))
    comments, sheet = (packed.read(f"xl/{name}.xml").decode() for name in ("comments1", "worksheets/sheet1"))

    asked = [words.ask for words in bank.open_bank("dokk1").wording("en").items.values()]
    assert [ask for ask in asked if ask.replace("&", "&amp;") not in comments] == []
    assert 'fitToWidth="2"' in sheet
    assert 'orientation="landscape"' in sheet
    assert spreadsheet_reader.read_grids(spreadsheets.empty_template(open_bank("dokk1"), "en"), "t.xlsx")


def quoted(text: object) -> str:
    return '"' + str(text).replace('"', '""') + '"'


def zipped(**parts: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name.replace("__", "/") + ".xml", data)
    return written.getvalue()


def one_sheet(inside: bytes) -> bytes:
    return zipped(xl__worksheets__sheet1=b'<worksheet xmlns="x"><sheetData>%s</sheetData></worksheet>' % inside)


def two_of_one_name() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"<a/>")
        packed.writestr("xl/Worksheets/sheet1.xml", b"<b/>")
    return written.getvalue()


def a_sheet_of_another_name() -> bytes:
    """A workbook whose sheet is a part that is not named as XML."""
    out, book = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(book) as made:
        made.add_worksheet().write_string(0, 0, "Party")
    with zipfile.ZipFile(book) as packed, zipfile.ZipFile(out, "w") as written:
        for entry in packed.namelist():
            content = packed.read(entry).replace(b"sheet1.xml", b"sheet1.bin")
            content = content.replace(b'r="1"', b'r="1048576"').replace(b'r="A1"', b'r="XFD1048576"')
            written.writestr(entry.replace("sheet1.xml", "sheet1.bin"), content)
    return out.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], type[Exception], str]] = {
    "bomb": (lambda: zipped(xl__worksheets__sheet1=b"<a>" + b"x" * 50_000_000), SheetTooLarge, "sheet1.xml"),
    "corner told by the cell alone": (
        lambda: one_sheet(b'<row r="1"><c r="A1048576"/></row>'),
        SheetTooLarge,
        "A1048576",
    ),
    "broken before the corner": (
        lambda: one_sheet(b'<row r="1" r="2"/><row r="1048576"><c r="XFD1048576"/></row>'),
        NotASheet,
        "damaged",
    ),
    "one sheet of eight million empty cells": (
        lambda: one_sheet(b'<row r="20000"><c r="OJ20000"/></row>'),
        SheetTooLarge,
        "OJ20000",
    ),
    "a text of a megabyte in a thousand cells": (
        lambda: zipped(
            xl__sharedStrings=b"<sst><si><t>" + b"a" * 1_000_000 + b"</t></si></sst>",
            xl__worksheets__sheet1=b"<w><row>" + b'<c t="s"><v>0</v></c>' * 300 + b"</row></w>",
        ),
        SheetTooLarge,
        "MB is more than can be read",
    ),
    "shared texts in two places": (
        lambda: zipped(xl__sharedStrings=b"<sst/>", a__sharedStrings=b"<sst><si><t>a</t></si></sst>"),
        NotASheet,
        "damaged",
    ),
    "tags in tags": (lambda: one_sheet(b"<a>" * 200 + b"</a>" * 200), NotASheet, "damaged"),
    "one tag of two megabytes": (lambda: one_sheet(b"<a " + b"b" * 2_000_000 + b'="1"/>'), NotASheet, "damaged"),
    "elements": (lambda: one_sheet(b"<a/>" * 4_100_000), SheetTooLarge, "tags"),
    "repeated without end": (
        lambda: one_sheet(
            b'<table-row><table-cell office:x="" table:number-columns-repeated="99999999999"/></table-row>'
        ),
        SheetTooLarge,
        "was not read",
    ),
    "a row repeated": (
        lambda: one_sheet(
            b'<table-row table:number-rows-repeated="19000">'
            b'<table-cell office:value-type="float" table:number-columns-repeated="300"/></table-row>'
        ),
        SheetTooLarge,
        "was not read",
    ),
    "blanks without end": (
        lambda: one_sheet(
            b'<table-row><table-cell office:x=""><p><s text:c="99999999999"/></p></table-cell></table-row>'
        ),
        SheetTooLarge,
        "was not read",
    ),
    "far corner": (lambda: one_sheet(b'<row r="1048576"><c r="XFD1048576"/></row>'), SheetTooLarge, "XFD1048576"),
    "wide": (lambda: one_sheet(b"<row>" + b"<c/>" * 500 + b"</row>"), SheetTooLarge, "OK1"),
    "long": (lambda: one_sheet(b"<row><c/></row>" * 20_001), SheetTooLarge, "A20001"),
    "entity": (lambda: zipped(a=b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///x">]><a>&e;</a>'), NotASheet, "definitions"),
    "two parts of one name": (two_of_one_name, NotASheet, "damaged"),
    "a sheet that was not looked through": (a_sheet_of_another_name, NotASheet, "damaged"),
    "macro": (lambda: zipped(xl__vbaProject=b"<a/>"), NotASheet, "macros"),
    "parts": (lambda: zipped(**{f"p{n}": b"" for n in range(2001)}), SheetTooLarge, "2001 parts"),
    "cut": (lambda: zipped(xl__workbook=b"<a/>")[:60], NotASheet, "damaged"),
    "empty": (lambda: zipped(xl__workbook=b"<a/>"), NotASheet, "damaged"),
    "old": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, NotASheet, "password"),
    "nul": (lambda: b"Party\0;x", NotASheet, "bytes that are not text"),
    "bytes": (lambda: b"Party;x\r\n\x81\x8d;y", NotASheet, "may be those of Windows"),
    "two encodings": (lambda: "Party;x\r\nÅ;".encode() + "Ö".encode("cp1252"), NotASheet, "neither UTF-8"),
    "a mark and no UTF-8": (lambda: b"\xef\xbb\xbfParty;\xe5\r\n", NotASheet, "neither UTF-8"),
    "cells": (lambda: (b"a" + b";" * 100 + b"," * 100 + b"\t" * 100 + b"\r\n") * 9_000, SheetTooLarge, "was not read"),
    "big": (lambda: b"x" * 10_000_001, SheetTooLarge, "10 MB"),
    "rows": (lambda: b"Party\r\n" + b"a\r\n" * 20_000, SheetTooLarge, "A20001"),
}
#: Take seconds, as millions of tags are counted before they are too many.
HEAVY = {"elements", "bomb"}


def test_when_a_paper_ends_a_goal_and_the_next_step_are_read_as_people_write_them(store):
    data = (
        "Party;agreement;agreement.ends;Goal it serves;Next step;Next step: who;Next step: when\r\n"
        "A;agreement;6/2027;All children read;Ask for a meeting;Åsa;2026-11-30\r\n"
        "B;agreement;Until further notice;All children read;;;\r\n"
        "C;agreement;2027-06-30;;;;before the summer\r\n"
    ).encode()
    taken(store, data)

    one, two, three = store.assessments()
    goals = store.profiles.get(LIBRARY).goals
    assert [each.ends for each in (one, two, three)] == [
        {"agreement": "2027-06"}, {"agreement": "open"}, {"agreement": "2027-06"},
    ]  # fmt: skip
    assert list(goals.values()) == ["All children read"]
    assert (one.goal, two.goal, three.goal) == (*goals, *goals, None)
    assert one.steps == (PlannedStep(id="next", what="Ask for a meeting", who="Åsa", when="2026-11"),)
    assert taken(store, data).count == 0


def test_the_note_to_be_quoted_is_named_by_its_question_and_another_does_not_take_its_place_unasked(store):
    head = "Party;agreement.note;Note;Note to be quoted\r\n"
    written = bank.open_bank("dokk1").wording("en").items["agreement"].short
    first = f"{head}A;Signed in May;;{written}\r\nB;;They ring us;note\r\nC;x;;\r\n".encode()
    taken(store, first)
    other = f"{head}A;Signed in May;;Note\r\n".encode()

    assert [each.quoted for each in store.assessments()] == [{"agreement": True}, {"": True}, {}]
    assert taken(store, first).count == 0
    assert "another note" in problems(store, other)[0]
    assert problems(store, f"{head}A;;;What?\r\n".encode())[0].startswith("D2: 'What?' is none of the questions")
    assert [each.quoted for each in store.assessments()] == [{"agreement": True}, {"": True}, {}]


def test_an_end_that_is_no_month_is_told_with_its_cell(store):
    assert problems(store, b"Party;agreement.ends\r\nA;next year\r\n") == [
        "B2: 'next year' is no month; write it as 2027-06 or 6/2027, or one of: Until further notice; Don't know"
    ]


def test_a_text_full_of_commas_or_half_a_quotation_is_no_matter_in_a_file_of_semicolons(store):
    taken(store, ("Party;note\r\nA;" + "x, " * 500 + '\r\nB;"so;,"\r\n').encode())

    assert [each.notes for each in store.assessments()] == [{"": "x, " * 500}, {"": "so;,"}]


@pytest.mark.parametrize(
    ("data", "error", "told"),
    [pytest.param(*row, id=name, marks=[pytest.mark.heavy] * (name in HEAVY)) for name, row in HOSTILE.items()],
)
def test_a_hostile_file_is_refused_before_it_is_built_up(data: Callable[[], bytes], error, told):
    with pytest.raises(error, match=told):
        spreadsheet_reader.read_grids(data(), "list.xlsx")


def test_a_moment_comes_back_to_the_microsecond(store, tmp_path):
    some(store)
    before = store.assessments()[0]
    data = spreadsheets.export_spreadsheet(store, LIBRARY, open_bank("dokk1"), "en", "csv")
    with Store.open(tmp_path / "other.db", create=True) as other:
        taken(other, data)
        after = other.assessments()[0]

    assert (after.id, after.started, after.changed) == (before.id, before.started, before.changed)
    assert after.started.tzinfo == UTC
    assert isinstance(after.started, datetime)
