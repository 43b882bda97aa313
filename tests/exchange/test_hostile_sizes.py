"""Ten megabytes of anything: at most two seconds of processor, 300 megabytes of memory, and never a signal."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.heavy

_MOST = 10_000_000

_READ = """
import json, re, sys, time
from assessor import bank
from assessor.errors import AssessorError
from assessor.exchange import read_cases, read_export
data = open(sys.argv[1], 'rb').read()
instrument = bank.open_bank('dokk1').instrument
found = []
for read in (lambda: read_cases(data, instrument), lambda: read_export(data, bank.instrument_from_snapshot)):
    start = time.process_time()
    try:
        read()
        said = 'read'
    except AssessorError as error:
        said = str(error)
    found.append([said, time.process_time() - start])
# Not ru_maxrss: it remembers the process that this one was started from.
peak = re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]
print(json.dumps([found, int(peak)]))
"""


def _filled(part: bytes, start: bytes = b"[", end: bytes = b"]") -> bytes:
    """As many parts, with commas between them, as ten megabytes hold."""
    count = (_MOST - len(start) - len(end)) // (len(part) + 1)
    return start + b",".join([part] * count) + end


_ALL = {
    "creation": "joint", "contribution": "both", "benefit": "both", "payment": "we_pay", "price": "cost",
    "control": "together", "respect": "both_ways", "vision": "spoken", "expectations": "dont_know", "track": "some",
}  # fmt: skip
_CASE = json.dumps({"id": "a", "responses": _ALL}).encode()
_HOSTILE = {
    "brackets": lambda: b"[" * _MOST,
    "100,000 brackets": lambda: b"[" * 100_000,
    "closed brackets": lambda: b"[" * 5_000_000 + b"]" * 5_000_000,
    "objects within": lambda: b'{"a":' * 2_000_000,
    "5,000 digits": lambda: b"[" + b"9" * 5000 + b"]",
    "ten million digits": lambda: b"9" * _MOST,
    "a million objects": lambda: _filled(b'{"a":1}'),
    "empty objects": lambda: _filled(b"{}"),
    "empty lists": lambda: _filled(b"[]"),
    "short texts": lambda: _filled(b'""'),
    "short keys": lambda: b"{" + b",".join(b'"%d":0' % number for number in range(900_000)) + b"}",
    "doubled keys": lambda: _filled(b'"a":0', b"{", b"}"),
    "one text": lambda: b'"' + b"x" * (_MOST - 2) + b'"',
    "one wide text": lambda: ('"' + "😀" * 2_499_999 + '"').encode(),
    "one escaped text": lambda: b'["' + b"\\u0041" * 1_600_000 + b'"]',
    "escaped quotes never closed": lambda: b'["' + b'\\"' * 4_999_999,
    "quotes": lambda: b'"' * _MOST,
    "backslashes": lambda: b'["' + b"\\" * (_MOST - 2),
    "blanks": lambda: b" " * _MOST,
    "lines": lambda: b"\n" * _MOST,
    "NaN": lambda: _filled(b"NaN"),
    "not UTF-8 at the end": lambda: b'"' + b"x" * (_MOST - 2) + b"\xff",
    "zeros": lambda: b"\0" * _MOST,
    "good cases": lambda: _filled(_CASE),
    "good lines": lambda: (_CASE + b"\n") * (_MOST // (len(_CASE) + 1)),
    "lines that are none": lambda: b"{}\n" * (_MOST // 3),
    "wrong options": lambda: _filled(b'{"id":"a","responses":{"creation":"x"}}'),
    "keys over keys": lambda: b'[{"id":"a","responses":{' + _filled(b'"a":"b"', b"", b"") + b"}}]",
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_a_hostile_file_is_refused_or_read_within_bounds(tmp_path, name):
    path = tmp_path / "a.json"
    path.write_bytes(_HOSTILE[name]()[:_MOST])

    # On a busy machine processor time grows too: what counts is that it can be done.
    seconds, kilobytes = _measured(path)
    for _ in range(3):
        if seconds < 2:
            break
        seconds, kilobytes = min((seconds, kilobytes), _measured(path))

    assert kilobytes < 300_000
    assert seconds < 2


def _measured(path: Path) -> tuple[float, int]:
    """The processor time of the slower reading and the memory of both, neither of which ended in anything odd."""
    done = subprocess.run([sys.executable, "-c", _READ, path], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    found, kilobytes = json.loads(done.stdout)
    assert all(len(said.split("\n")) <= 5 for said, _ in found)
    return max(seconds for _, seconds in found), kilobytes
