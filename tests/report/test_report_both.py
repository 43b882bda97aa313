"""Laying out on two cores: the copy is made while there is no thread that it would lack."""

import os
import subprocess
import sys
import threading
import time

from assessor.report.pdf import two_processes

TEXTS = [f"text {number}" * number for number in range(1, 9)]


def test_each_text_is_made_once_and_stands_in_its_place():
    made = two_processes.map_in_two_processes(TEXTS, str.upper, lambda: None)

    assert made == [text.upper() for text in TEXTS]


def test_a_thread_of_any_kind_keeps_all_the_work_here():
    stop = threading.Event()
    other = threading.Thread(target=stop.wait)
    other.start()
    try:
        made = two_processes.map_in_two_processes(TEXTS, lambda _: os.getpid(), lambda: None)
    finally:
        stop.set()
        other.join()

    assert set(made) == {os.getpid()}


def test_a_copy_that_dies_or_hangs_leaves_its_part_to_this_process():
    program = """
import os, sys, time
from assessor.report.pdf import two_processes
two_processes._PATIENCE = 0.2
mine = os.getpid()
def make(text):
    if os.getpid() != mine:
        os._exit(1) if sys.argv[1] == "dies" else time.sleep(60)
    return text.upper()
texts = [f"text {number}" for number in range(8)]
assert two_processes.lay_out(texts, make, lambda: None) == [text.upper() for text in texts]
"""
    for fault in ("dies", "hangs"):
        start = time.monotonic()
        subprocess.run((sys.executable, "-c", program, fault), check=True)
        assert time.monotonic() - start < 30


def test_nothing_is_drawn_before_the_copy_is_made():
    program = """
import os
from assessor.bank import open_bank
from assessor.report.pdf import layout, two_processes
from assessor.usecases.reporting import example_report
threads = []
real = two_processes.get_context
two_processes.get_context = lambda kind: threads.append(len(os.listdir("/proc/self/task"))) or real(kind)
layout.report_pdf(example_report(open_bank("dokk1"), "sv"))
print(threads)
"""
    told = subprocess.run((sys.executable, "-c", program), capture_output=True, text=True, check=True).stdout

    assert told in ("[1]\n", "[]\n")  # none where there is one core
