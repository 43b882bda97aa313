# ruff: noqa: E501 - a row is one claim
"""Files made to harm: refused within 2 s and 300 MB, and never death by a signal."""

import json
import subprocess
import sys

import pytest
from demo_bank import INSTRUMENT, Demo

pytestmark = pytest.mark.heavy

CHECK = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (4, 5))
from assessor import bank
began = resource.getrusage(resource.RUSAGE_SELF)
told = [str(problem) for problem in bank.check_bank(sys.argv[1])]
used = resource.getrusage(resource.RUSAGE_SELF)
seconds = used.ru_utime + used.ru_stime - began.ru_utime - began.ru_stime
# Not ru_maxrss: it remembers the process that this one was started from.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(json.dumps({"told": told, "seconds": seconds, "megabytes": int(peak.split()[1]) / 1024}))
"""
ITEMS = "".join(f"  - {{id: i{n}, options: [a, b], when: {{i{n - 1}: a}}}}\n" for n in range(1, 400))

HOSTILE = {
    "brackets": b"[" * 100_000,
    "braces": b"{a: " * 200_000,
    "dashes": b"- " * 3_000 + b"a",
    "keys": b"? " * 300_000,
    "closed pairs": b"[[]" * 300_000,
    "merge keys": b"a0: &a0 {x: 1}\n" + b"".join(b"a%d: &a%d {<<: [*a%d, *a%d]}\n" % (n, n, n - 1, n - 1) for n in range(1, 31)),
    "self": b"&a [*a]",
    "flat list": b"- a\n" * 250_000,
    "flat flow": b"[" + b"a," * 490_000 + b"a]",
    "one line": b"id: " + b"x " * 490_000,
    "one key": b"x" * 999_000 + b": 1",
    "unknown keys": b"".join(b"k%d: 1\n" % n for n in range(14_000)),
    "bad efforts": INSTRUMENT.replace("{intent: 1,", "{" + ", ".join(f"a{n}: .nan" for n in range(14_000)) + ",").encode(),
    "repeated keys": b"id: a\n" * 14_000,
    "repeated ids": INSTRUMENT.replace("outcomes:\n", "outcomes:\n" + "  - {id: bought}\n" * 7_000).encode(),
    "ten megabytes": b"a: b\n" * 2_000_000,
    "blanks": b" " * 999_000,
    "line breaks": b"\n" * 999_000 + b"a: [",
    "quotes": b'"' * 999_000,
    "colons": b": " * 400_000,
    "comments": b"# x\n" * 240_000,
    "digits": INSTRUMENT.replace("intent: 1,", f"intent: {'9' * 500_000},").encode(),
    "chained items": INSTRUMENT.replace("items:\n", "items:\n  - {id: i0, options: [a, b]}\n" + ITEMS).encode(),
    "noise": bytes(range(256)) * 3_000,
}  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_within_bounds(demo: Demo, content: bytes) -> None:
    demo.write("instrument.yaml", content)
    run = subprocess.run([sys.executable, "-c", CHECK, str(demo.folder)], capture_output=True, text=True)

    assert (run.returncode, run.stderr) == (0, "")
    said = json.loads(run.stdout)
    assert demo.bare(said["told"][0]).startswith("instrument.yaml:")
    assert said["seconds"] <= 2
    assert said["megabytes"] <= 300
