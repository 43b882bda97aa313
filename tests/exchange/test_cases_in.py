"""Cases come as a list, an object or JSON Lines, each response checked, all problems told."""

import io
import itertools
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor.errors import AssessorError
from assessor.exchange import BadFile, InputCase, TooBig, read_cases, stream_cases

_A = '{"id": "a", "text": "ignored", "responses": {"payment": "we_pay", "price": "dont_know", "vision": null}}'
_B = '{"responses": {"creation": "joint"}, "id": 7}'
_CASES = (
    InputCase(id="a", responses={"payment": "we_pay", "price": "dont_know"}),
    InputCase(id=7, responses={"creation": "joint"}),
)


@pytest.mark.parametrize(
    "text",
    [
        f"[{_A},\n {_B}]",
        f"\ufeff[{_A}, {_B}]",
        f"{_A}\n{_B}",
        f"\ufeff{_A}\r\n\r\n{_B}\r\n",
        json.dumps([json.loads(_A), json.loads(_B)], indent=2),
    ],
    ids=["list", "mark", "lines", "lines of Windows", "indented"],
)
def test_a_list_and_lines_give_the_same_cases(dokk1, text):
    assert read_cases(text, dokk1) == _CASES
    assert tuple(stream_cases(io.BytesIO(text.encode()), dokk1)) == _CASES


def test_one_object_over_several_lines_is_one_case(dokk1):
    assert read_cases(json.dumps(json.loads(_A), indent=2), dokk1) == _CASES[:1]


def test_an_empty_list_is_no_case(dokk1):
    assert read_cases("[]", dokk1) == ()


def _problems(text: str, instrument) -> list[str]:
    with pytest.raises(BadFile) as refused:
        read_cases(text, instrument, "a.json")
    return [problem.message(str) for problem in refused.value.problems]


def test_every_problem_of_every_case_is_told_with_its_place(dokk1):
    text = """[
        {"id": "a", "responses": {"price": "gift", "nope": "x", "vision": 3}},
        {"id": "", "responses": {"vision": ["no"]}},
        {"responses": []},
        5,
        {"id": true, "responses": {}}
    ]"""
    asked = ", ".join(dokk1.by_id)

    assert _problems(text, dokk1) == [
        "line 2, $[0].responses.price: 'gift' is not an option of 'price'; "
        "choose one of: delivery, mixed, cost, dont_know",
        f"line 2, $[0].responses.nope: dokk1 does not ask 'nope'; it asks: {asked}",
        "line 2, $[0].responses.vision: this is not a response; give an option's id in quotes, \"dont_know\" or null",
        "line 3, $[1].id: this may not be empty; fill it in",
        "line 3, $[1].responses.vision: this is not a response; give an option's id in quotes, \"dont_know\" or null",
        "line 4, $[2]: 'id' is missing; add it",
        "line 4, $[2].responses: this is not an object; write it as { … }",
        "line 5, $[3]: this is not an object; write it as { … }",
        "line 6, $[4].id: this is not a whole number; write one from 0 up, without quotes",
    ]  # fmt: skip


def test_lines_are_told_by_their_numbers(dokk1):
    text = f'{_A}\n\n{{"id": "b", "responses": {{"price": "gift"}}}}\n{{"id": "c"\n'

    assert [told.split(":")[0] for told in _problems(text, dokk1)] == ["line 3, $.responses.price", "line 4, $.id"]


def test_a_very_long_wrong_option_is_cut_in_the_message(dokk1):
    (told,) = _problems(json.dumps([{"id": "a", "responses": {"price": "x" * 100_000}}]), dokk1)

    assert len(told) < 400


def test_lines_beyond_ten_megabytes_come_one_by_one_in_steady_memory(dokk1):
    padding = "x" * 10_000
    line = json.dumps({"id": "a", "text": padding, "responses": {"creation": "joint"}}).encode() + b"\n"

    class Endless(io.RawIOBase):
        """Fifty megabytes that are never held at once."""

        left = 50_000_000 // len(line)

        def readable(self):
            return True

        def readinto(self, buffer):
            block = line * min(self.left, max(1, len(buffer) // len(line)))
            block = block[: len(buffer) // len(line) * len(line)]
            self.left -= len(block) // len(line)
            buffer[: len(block)] = block
            return len(block)

    tracemalloc.start()
    try:
        count = sum(1 for _ in itertools.islice(stream_cases(io.BufferedReader(Endless(), 65536), dokk1), 4_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert count == 4_000
    assert peak < 60_000_000


def test_a_long_stream_ends_at_its_first_wrong_line(dokk1):
    long = _B.encode() + b" " * 100_000 + b"\n"
    text = long * 120 + b'{"id": 1, "responses": {"price": "gift"}}\n' + long
    cases = stream_cases(io.BytesIO(text), dokk1, "a.jsonl")

    with pytest.raises(BadFile) as refused:
        for _ in cases:
            pass

    assert str(refused.value).split("\n")[1].startswith("line 121, $.responses.price: ")


def test_a_line_without_an_end_is_not_held(dokk1):
    with pytest.raises(TooBig):
        list(stream_cases(io.BytesIO(_B.encode() + b"\n" + b'{"id": "' + b"x" * 11_000_000 + b'"}'), dokk1))


def test_a_list_beyond_ten_megabytes_is_not_read(dokk1):
    with pytest.raises(TooBig):
        list(stream_cases(io.BytesIO(b"[" + b" " * 10_000_000 + b"]"), dokk1))


_ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["joint", "dont_know"]),
    lambda parts: (
        st.lists(parts, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "responses", "creation", "vision", "x"]), parts, max_size=4)
    ),
    max_leaves=15,
)


@given(st.lists(_ODD, max_size=4), st.booleans())
def test_only_our_refusals_escape(dokk1, values, as_lines):
    text = "\n".join(map(json.dumps, values)) if as_lines else json.dumps(values)
    cases = _read(text, dokk1)

    assert isinstance(cases, AssessorError) or all(set(case.responses) <= set(dokk1.by_id) for case in cases)


def _read(text: str, instrument) -> tuple[InputCase, ...] | AssessorError:
    try:
        return read_cases(text, instrument)
    except AssessorError as error:
        return error
