"""What of YAML a bank may use, and that every text stays as it was typed."""

from collections.abc import Callable

import pytest
from demo_bank import Demo

from assessor import bank

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
