"""What of YAML a bank may use, and that every text stays as it was typed."""

import time
from collections.abc import Callable

import pytest
from demo_bank import Demo

from assessor import bank
from assessor.exchange.list_vocabulary import EXPORT_COLUMNS, NAME_COLUMNS, OVERALL_COLUMNS

ALIAS = "anchors, aliases and merge keys (&, *, <<) are not read; write the text out in each place"
DEEP = "lists and tables stand more than 40 deep within each other; name a part under `conditions`"


def test_the_demo_bank_holds(demo: Demo) -> None:
    assert demo.problems() == []


@pytest.mark.parametrize(
    "typed", ["no", "on", "yes", "12:30", "1.10", "010", "2024-02-30", "~", "null", "1e309", "0x1F", ".nan"]
)
def test_a_bare_text_stays_as_typed(demo: Demo, typed: str) -> None:
    demo.change("label: Little", f"label: {typed}", "en.yaml")

    assert bank.open_bank(demo.folder).wording("en").items["price"].options["low"].label == typed


def test_bare_option_ids_stay_as_typed(demo: Demo) -> None:
    demo.change('options: ["no", "yes"]', "options: [no, yes]")

    assert bank.open_bank(demo.folder).instrument.by_id["money"].options == ("no", "yes")


def test_a_bare_version_keeps_its_last_zero(demo: Demo) -> None:
    demo.change('version: "1"', "version: 1.10")

    assert bank.open_bank(demo.folder).instrument.version == "1.10"


def test_merge_keys_are_refused_at_the_first_anchor(demo: Demo) -> None:
    levels = (f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 31))
    demo.write("instrument.yaml", "a0: &a0 {x: 1}\n" + "".join(levels))

    assert demo.problems() == [f"instrument.yaml:1:5: {ALIAS}"]


@pytest.mark.parametrize("typed", ["&a [*a]", "*a", "&a x"])
def test_an_alias_that_holds_itself_is_refused(demo: Demo, typed: str) -> None:
    demo.write("instrument.yaml", typed)

    assert demo.problems() == [f"instrument.yaml:1:1: {ALIAS}"]


def test_nine_times_nine_aliases_are_refused_in_one_line(demo: Demo) -> None:
    lines = [
        f"{letter}: &{letter} [{','.join(['*' + before] * 9)}]"
        for before, letter in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    demo.write("instrument.yaml", "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(lines))

    assert demo.problems() == [f"instrument.yaml:1:4: {ALIAS}"]


@pytest.mark.parametrize(
    ("text", "place"), [("[" * 100_000, "1:42"), ("- " * 3_000 + "a", "1:83"), ("{a: " * 50_000, "1:162")]
)
def test_deep_nesting_is_refused_by_its_depth(demo: Demo, text: str, place: str) -> None:
    demo.write("instrument.yaml", text)

    assert demo.problems() == [f"instrument.yaml:{place}: {DEEP}"]


def test_a_tag_is_refused_with_its_line_and_nothing_is_run(
    demo: Demo, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo.folder)
    demo.change('version: "1"', 'version: !!python/object/apply:os.system ["touch PWNED"]')

    assert demo.places() == ["instrument.yaml:2:10"]
    assert not (demo.folder / "PWNED").exists()


def test_a_repeated_key_is_refused_naming_both_places(problem_of: Callable[..., str]) -> None:
    said = problem_of('version: "1"', 'version: "1"\nversion: "2"')

    assert said == "instrument.yaml:3:1: the key version stands already on line 2; take one of them out or rename it"


@pytest.mark.parametrize(
    "number", [".nan", ".inf", "1e309", "9" * 5000, '"3"', "true", "010", "0", "100", "3.0", "+3", "-1", "~", "", "[1]"]
)
def test_an_effort_is_a_whole_number_as_it_stands(demo: Demo, number: str) -> None:
    demo.change("{intent: 1,", f"{{intent: {number},")

    assert set(demo.places()) == {"instrument.yaml:12:23"}


def test_a_quoted_number_is_told_with_its_quotes(problem_of: Callable[..., str]) -> None:
    said = problem_of("{intent: 1,", '{intent: "1",')

    assert said == 'instrument.yaml:12:23: "1" is no whole number from 1 to 99; write one, in digits, without quotes'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id: å".encode("latin-1"), "instrument.yaml:1:5: this is no UTF-8 text; save the file as UTF-8 and try again"),
        (b"id: a\nversion: \x00", "instrument.yaml:2:10: the character U+0000 cannot stand in a bank; take it out"),
        (
            b"id:\n\t- a",
            "instrument.yaml:2:1: a tab stands here; move lines in with blanks, "
            "and put quotes round a text that begins with a tab",
        ),
        (b"", "instrument.yaml:1:1: the file is empty; write the bank into it"),
        (b"# only this\n", "instrument.yaml:1:1: the file is empty; write the bank into it"),
        (
            b"- a\n---\n- b\n",
            "instrument.yaml:2:1: a second document begins here; take out the line with --- "
            "or put it into a file of its own",
        ),
        (b"id: @x", "instrument.yaml:1:5: no bare text may begin with @; put quotes round it"),
        (
            b"about: one: two",
            "instrument.yaml:1:11: a colon followed by a blank within a bare text; put quotes round the whole text",
        ),
        (
            b'"a',
            "instrument.yaml:1:1: a quotation mark is opened and never closed; close it, or double it inside the text",
        ),
        (
            b"id: a\nlevels: [a,\n  b\n",
            "instrument.yaml:2:9: a bracket is opened here and not closed as it should; close it, "
            "and put commas between its parts",
        ),
        (
            b"a" * 1_000_001,
            "instrument.yaml:1:1: the file is larger than 1 000 000 bytes; "
            "a bank is text, so take out what does not belong in it",
        ),
    ],
)
def test_what_is_no_bank_text_is_refused_in_one_line(demo: Demo, content: bytes, said: str) -> None:
    demo.write("instrument.yaml", content)

    assert said in demo.problems()
    assert len(demo.problems()) <= 2


def test_a_folder_in_place_of_a_file_is_refused(demo: Demo) -> None:
    (demo.folder / "instrument.yaml").unlink()
    (demo.folder / "instrument.yaml").mkdir()

    assert demo.problems() == [
        "instrument.yaml:1:1: this is not a file but a folder or a device; put the file with this name here"
    ]


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(demo: Demo) -> None:
    text = (demo.folder / "instrument.yaml").read_bytes()
    before = bank.open_bank(demo.folder).instrument
    demo.write("instrument.yaml", b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))

    assert demo.problems() == []
    assert bank.open_bank(demo.folder).instrument == before


@pytest.mark.parametrize(
    "text",
    [
        "{{ cycler.__init__.__globals__.os.popen('touch PWNED').read() }}",
        "{0.__class__}",
        "%(x)s",
        "<img src=x onerror=alert(1)>",
        "{given}",
    ],
)
def test_a_text_is_kept_letter_for_letter(demo: Demo, text: str) -> None:
    demo.change("about: A demonstration.", f'about: "{text}"', "en.yaml")

    assert demo.problems() == []
    assert bank.open_bank(demo.folder).wording("en").about == text


def test_a_hostile_id_is_shown_and_not_filled_in(problem_of: Callable[..., str]) -> None:
    said = problem_of("id: demo", 'id: "{given.__class__}\\e]0;x\\a"')

    assert said == (
        "instrument.yaml:1:5: {given.__class__}‹U+001B›]0;x‹U+0007› cannot be an id; "
        "use small letters a-z, digits and _, beginning with a letter"
    )


@pytest.mark.parametrize("escape", [r"\0", r"\x1b", r"\uFFFE", r"\uFFFF", r"\x9b"])
def test_a_text_holds_no_character_that_an_export_cannot_hold(demo: Demo, escape: str) -> None:
    demo.change("about: A demonstration.", f'about: "{escape}"', "en.yaml")

    assert demo.places() == ["en.yaml:3:8"]


def test_half_a_surrogate_pair_is_refused(demo: Demo) -> None:
    demo.change("about: A demonstration.", r'about: "\ud800"', "en.yaml")

    assert demo.places() == ["en.yaml:3:11"]


def test_a_file_that_is_none_of_a_bank_s_is_told(demo: Demo) -> None:
    demo.write("items.yml", "a: b")

    assert demo.places() == ["items.yml:1:1"]


@pytest.mark.parametrize("quotes", ["“”", "„“", "””", "«»", "»«", "’’"])
def test_a_text_in_typographic_quotation_marks_is_told(demo: Demo, quotes: str) -> None:
    demo.change("ask: How much?", f"ask: {quotes[0]}How much?{quotes[1]}", "en.yaml")

    [problem] = demo.problems()
    assert problem.endswith(
        "the text stands in typographic quotation marks, which YAML takes for a part of it; write straight ones "
        "instead, or straight ones round these"
    )
    demo.change(f"ask: {quotes[0]}How much?{quotes[1]}", f'ask: "{quotes[0]}How much?{quotes[1]}"', "en.yaml")
    assert demo.problems() == []


def test_quotation_marks_within_a_text_are_left(demo: Demo) -> None:
    demo.change("ask: How much?", "ask: “Dear” or “cheap”", "en.yaml")

    assert demo.problems() == []


@pytest.mark.parametrize(
    "column", [each for each in (*NAME_COLUMNS, *OVERALL_COLUMNS, *EXPORT_COLUMNS) if "." not in each]
)
def test_an_item_called_as_a_column_of_every_list_is_told(demo: Demo, column: str) -> None:
    demo.change("  - id: price\n", f"  - id: {column}\n")

    assert demo.problems()[0].startswith(
        f"instrument.yaml:16:9: {column} is a column of every list and spreadsheet, so no item can be called that; "
        "choose another id, and none of: party, undertaking, gut, "
    )


@pytest.mark.parametrize("name", ["sv.yaml.txt", "en.yaml.bak", "cases.yml", "Instrument.YAML"])
def test_a_file_that_would_not_be_read_is_told(demo: Demo, name: str) -> None:
    demo.write(name, "language: sv")

    [problem] = demo.problems()
    assert problem.startswith(f"{name}:1:1: no file of a bank is called this; a bank has instrument.yaml, ")


def test_what_editors_and_people_keep_beside_a_bank_is_left(demo: Demo) -> None:
    for name in (".en.yaml.swp", "en.yaml~", "README.md", "example.json"):
        demo.write(name, "x")

    assert demo.problems() == []


def test_a_folder_whose_files_would_not_be_read_is_told(demo: Demo) -> None:
    (demo.folder / "words").mkdir()
    demo.write("words/sv.yaml", "language: sv")

    assert demo.problems() == [
        "words:1:1: no folder of a bank is called this, so its files are not read; a bank has party and versions, "
        "so move the files, or the folder out of the bank"
    ]


@pytest.mark.parametrize("name", ["cases.yaml", "migrations.yaml", "sv.yaml"])
def test_a_link_that_leads_nowhere_is_told(demo: Demo, name: str) -> None:
    (demo.folder / name).unlink(missing_ok=True)
    (demo.folder / name).symlink_to(demo.folder / "gone.yaml")

    assert [problem for problem in demo.problems() if "link" in problem] == [
        f"{name}:1:1: this is a link that leads nowhere; mend the link, or put the file with this name here"
    ]


def test_a_ring_of_links_is_told(demo: Demo) -> None:
    (demo.folder / "cases.yaml").unlink()
    (demo.folder / "cases.yaml").symlink_to(demo.folder / "cases.yaml")

    assert [problem.split(":")[0] for problem in demo.problems()] == ["cases.yaml"]


def test_many_slips_in_a_large_bank_are_told_at_once_and_briefly(demo: Demo) -> None:
    options = ", ".join(f"o{number}" for number in range(2_000))
    slips = ", ".join(f"x{number}" for number in range(900))
    demo.change("options: [low, high]", f"options: [{options}]")
    demo.change("{price: high}", f"{{price: [{slips}]}}")

    start = time.monotonic()
    problems = demo.problems()
    assert time.monotonic() - start < 5
    assert max(map(len, problems)) < 800
    with pytest.raises(bank.BankRefused) as refused:
        _ = bank.open_bank(demo.folder).instrument
    assert len(refused.value.message(str).splitlines()) == 22


def test_many_files_that_no_bank_has_are_counted(demo: Demo) -> None:
    for number in range(300):
        demo.write(f"x{number}.yml", "")

    assert len(demo.problems()) == 201
    assert demo.problems()[-1].endswith("and 100 more problems in this bank; mend the ones above first")


@pytest.mark.parametrize("unseen", ["\u200b", "\u00a0", "\u2060", "\u202f"])
def test_what_nobody_sees_in_an_id_is_written_out(demo: Demo, unseen: str) -> None:
    demo.change("id: money", f"id: money{unseen}")

    assert any(f"money‹U+{ord(unseen):04X}› cannot be an id" in problem for problem in demo.problems())
