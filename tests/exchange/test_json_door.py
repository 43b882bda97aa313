"""JSON is strict and bounded at the door, and a refusal says where and what to do."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor.core.text_limits import unfit_characters
from assessor.errors import AssessorError
from assessor.exchange.file_problems import BadFile, TooBig
from assessor.exchange.json_reader import MOST_DEPTH, parse_json

_DEEP = "line 1, $: the brackets are nested more than 20 deep, or are never closed; check that this is the right file"
_UNFIT = "the character {} cannot be stored in every file; remove it"
_TOO_LONG = "the number is too large to hold; write it with at most 18 digits"
_SYNTAX = "the JSON goes wrong at column {}; look for a missing or extra comma, quote or bracket"
_BARE = "a line break or another control character appears unescaped in a text at column {}; write it as \\n"


def _told(data: str | bytes) -> list[str]:
    with pytest.raises(BadFile) as refused:
        parse_json(data.encode() if isinstance(data, str) else data, "a.json")

    assert refused.value.exit_code == 65
    first, *problems = str(refused.value).split("\n")
    assert first == "Nothing in a.json was used; correct this and try again:"
    return problems


def test_what_json_says_is_read_as_it_stands():
    text = '\ufeff {"a": [1, -2, 0.5, 1e5, true, false, null, "007", "1e5", "=1", "\\ud83d\\ude00", " å\\r\\n\\t"]}\r\n'

    value = parse_json(text.encode(), "a.json").value

    assert value == {"a": [1, -2, 0.5, 1e5, True, False, None, "007", "1e5", "=1", "😀", " å\r\n\t"]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a": [1,\n NaN]}', "line 2, $.a[1]: NaN is not a number in JSON; write null or leave it out"),
        ("[-Infinity]", "line 1, $[0]: -Infinity is not a number in JSON; write null or leave it out"),
        ('{"a": 1e999}', f"line 1, $.a: {_TOO_LONG}"),
        ("[" + "9" * 5000 + "]", f"line 1, $[0]: {_TOO_LONG}"),
        ('{"a": {"b": 1,\n"b": 2}}', "line 1, $.a.b: the key 'b' appears twice; remove one"),
        ('["\\ud800"]', f"line 1, $[0]: {_UNFIT.format('U+D800')}"),
        ('["\\udc00\\ud83d"]', f"line 1, $[0]: {_UNFIT.format('U+DC00')}"),
        ('["a\\u0000"]', f"line 1, $[0]: {_UNFIT.format('U+0000')}"),
        ('["a\\b"]', f"line 1, $[0]: {_UNFIT.format('U+0008')}"),
        ('["a\\u001B"]', f"line 1, $[0]: {_UNFIT.format('U+001B')}"),
        ('["\ufffe"]', f"line 1, $[0]: {_UNFIT.format('U+FFFE')}"),
        ('["\\uFFFF"]', f"line 1, $[0]: {_UNFIT.format('U+FFFF')}"),
        ('{"\\u0001": 1}', f"line 1, $: {_UNFIT.format('U+0001')}"),
        ("[1]\n[2]", "line 2, $: something follows after the end, at column 1; remove it, or give one object per line"),
        ("[" * 100_000, _DEEP),
        ('{"a":' * 21 + "1" + "}" * 21, _DEEP),
        (' {"a": [1,\n 2 3]}', f"line 2, $.a[1]: {_SYNTAX.format(4)}"),
        ('["a\nb"]', f"line 1, $[0]: {_BARE.format(4)}"),
        (" \n ", "line 1, $: there is nothing here; give a JSON document"),
        ("", "line 1, $: there is nothing here; give a JSON document"),
        (b'[\n"\xe5"]', "line 2, $: byte 0xE5 is not UTF-8; save the file as UTF-8"),
        ('{"a b": {"c\\u001b": NaN, "' + "d" * 99 + '": NaN}}', f"line 1, $['a b']: {_UNFIT.format('U+001B')}"),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_a_refusal_names_line_path_reason_and_cure(text, told):
    assert _told(text)[0] == told


def test_what_a_message_shows_of_a_file_cannot_steer_the_screen():
    told = _told('{"\x7f\u202e\u009b": NaN, "' + "d" * 99 + '": NaN}')

    assert told == [
        "line 1, $['‹U+007F›‹U+202E›‹U+009B›']: NaN is not a number in JSON; write null or leave it out",
        f"line 1, $['{'d' * 40}…']: NaN is not a number in JSON; write null or leave it out",
    ]


def test_a_message_tells_three_problems_and_counts_the_others():
    told = _told("[" + ",\n".join(["NaN"] * 50) + "]")

    assert [line.split(":")[0] for line in told] == ["line 1, $[0]", "line 2, $[1]", "line 3, $[2]", "… and 47 more"]


def test_a_file_full_of_problems_is_not_looked_into_further_than_a_hundred():
    assert _told("[" + ",\n".join(["NaN"] * 500) + "]")[-1] == "… and at least 97 more"


def test_every_problem_stays_readable_in_the_error():
    with pytest.raises(BadFile) as refused:
        parse_json(b"[NaN, 1, 1e999]", "a.json")

    assert [(problem.place.keys, problem.place.line) for problem in refused.value.problems] == [((0,), 1), ((2,), 1)]


def test_brackets_within_texts_are_no_depth_and_separators_no_values():
    text = json.dumps(['[{"\\' * 1000, "," * 2_000_000])

    assert parse_json(text.encode(), "a.json").value == json.loads(text)


@pytest.mark.parametrize(("open_", "close"), [("[", "]"), ('{"a":', "}")])
def test_values_may_stand_within_one_another_up_to_the_bound(open_, close):
    text = open_ * MOST_DEPTH + "1" + close * MOST_DEPTH

    assert parse_json(text.encode(), "a.json").value == json.loads(text)


def test_more_than_the_bound_is_not_read():
    with pytest.raises(TooBig) as refused:
        parse_json(b" " * 10_000_001, "a.json")

    assert str(refused.value) == (
        "a.json holds more than 10 MB in one piece and was not read; divide it, or give one object per line"
    )


_FIT = st.text().filter(lambda text: not unfit_characters(text))
_LEAVES = st.none() | st.booleans() | st.integers(-(10**18) + 1, 10**18 - 1) | st.floats(-1e300, 1e300) | _FIT
_VALUES = st.recursive(
    _LEAVES, lambda parts: st.lists(parts, max_size=4) | st.dictionaries(_FIT, parts, max_size=4), max_leaves=12
)


def _read(data: bytes) -> object:
    """What is read, or our refusal."""
    try:
        return parse_json(data, "a.json").value
    except AssessorError as error:
        return error


@given(_VALUES, st.booleans())
def test_what_python_wrote_is_read_as_it_was(value, ascii_only):
    assert _read(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.text(), st.sampled_from("\x00\x0b\x1b\ud800\udfff\ufffe\uffff"), st.text())
def test_what_no_file_can_hold_is_refused_wherever_it_stands(before, harmful, after):
    assert isinstance(_read(json.dumps([before + harmful + after]).encode()), AssessorError)


@given(st.binary(max_size=60) | st.text('[]{}",:\\un0123456789deE+-. \nNa', max_size=60).map(str.encode))
def test_noise_is_refused_or_read_and_never_anything_else(data):
    read = _read(data)

    assert _short(read) if isinstance(read, AssessorError) else read == json.loads(data.decode("utf-8-sig"))


def _short(error: AssessorError) -> bool:
    return len(str(error).split("\n")) <= 5
