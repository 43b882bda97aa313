"""How deep JSON is nested is known before it is decoded."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor.core.json_nesting import is_nested_deeper


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        (b'"[[["', 0),
        (b"[]", 1),
        (b'{"a": [1, "]"], "b": [2]}', 2),
        (rb'{"a\"[": {"b\\": [[]]}}', 4),
        (b"[[[", 3),
    ],
)
def test_only_brackets_outside_strings_count(text, depth):
    assert [is_nested_deeper(text, most) for most in range(6)] == [most < depth for most in range(6)]


def _depth(value) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


_LEAVES = st.none() | st.text(alphabet='[]{}"\\,:aä') | st.integers()
_VALUES = st.recursive(_LEAVES, lambda each: st.lists(each) | st.dictionaries(st.text(alphabet='[]{"\\'), each))


@given(_VALUES)
def test_it_is_the_depth_that_the_decoder_would_reach(value):
    text = json.dumps(value, ensure_ascii=False).encode()

    assert [is_nested_deeper(text, most) for most in range(9)] == [most < _depth(value) for most in range(9)]


def test_deep_nesting_ends_no_thread_with_a_small_stack():
    code = """
import threading
from assessor.bank import open_snapshot
from assessor.bank.errors import SnapshotUnreadable
from assessor.core import paper_fields

def read():
    assert paper_fields.parse_identity("[" * 100_000) is None
    try:
        open_snapshot("[" * 100_000)
    except SnapshotUnreadable:
        print("refused")

threading.stack_size(256 * 1024)
thread = threading.Thread(target=read)
thread.start()
thread.join()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert (done.stdout, done.returncode) == ("refused\n", 0), done.stderr
