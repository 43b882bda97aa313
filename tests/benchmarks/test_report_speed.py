"""What a report costs: `pytest -m benchmark -s tests/benchmarks/test_report_speed.py`.

Whole processes against headless Chromium printing the same pages; in one process, a report made again; and growth.
"""

import subprocess
import sys
from dataclasses import replace

import pytest
from measure import ENVIRONMENT, cpu_here, cpu_of, ratio, tell

from assessor.bank import open_bank
from assessor.core.scoring import assess
from assessor.report.pdf import layout
from assessor.report.render import report_html
from assessor.usecases.reporting import example_report

pytestmark = pytest.mark.benchmark

CHROMIUM = (
    *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-pdf-header-footer"),
)


@pytest.fixture(scope="module")
def example():
    return example_report(open_bank("dokk1"), "sv")


def test_the_example_as_a_whole_process_against_chromium(example, tmp_path):
    page, ours, theirs = tmp_path / "page.html", tmp_path / "ours.pdf", tmp_path / "theirs.pdf"
    page.write_text(report_html(example), encoding="utf-8")
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    tell(
        "demo report / Chromium printing the same page",
        ratio(
            lambda: cpu_of((sys.executable, "-m", "assessor", "demo", "--overwrite", "-o", str(ours))),
            lambda: cpu_of((*CHROMIUM, profile, f"--print-to-pdf={theirs}", page.as_uri())),
            5,
        ),
        "at most 1.3",
    )

    assert ours.read_bytes()[:5] == theirs.read_bytes()[:5] == b"%PDF-"


def changed(report):
    """The same with one response of the first collaboration changed."""
    first, *others = report.rows
    responses = {**first.assessment.responses, "track": "no"}
    verdict = assess(report.instrument, responses)
    row = replace(first, assessment=replace(first.assessment, responses=responses), verdict=verdict)
    return replace(report, rows=(row, *others))


def test_one_changed_answer_and_none(example):
    def first():
        layout.clear_caches()
        return cpu_here(lambda: layout.report_pdf(example))

    def after_a_change():
        layout.report_pdf(example)
        return cpu_here(lambda: layout.report_pdf(changed(example)))

    def again():
        layout.report_pdf(example)
        return cpu_here(lambda: layout.report_pdf(example), 20)

    def anew():
        layout.clear_caches()
        layout.report_pdf(example)
        return after_a_change()

    first()
    tell("after one changed answer / first", ratio(anew, first, 3), "at most 0.5")
    tell("identical / first", ratio(again, first, 3), "at most 0.01")


GROWTH = """
import resource, sys, time
from dataclasses import replace
from assessor.bank import open_bank
from assessor.report.pdf import layout
from assessor.usecases.reporting import example_report
example = example_report(open_bank("dokk1"), "sv")
rows = tuple(
    replace(row, assessment=replace(row.assessment, id=f"{n}-{row.assessment.id}", collaboration=replace(
        row.assessment.collaboration, id=f"{n}-{at}", party=f"{row.assessment.collaboration.party} {n}")))
    for n in range(int(sys.argv[1]) // 12) for at, row in enumerate(example.rows)
)
layout.report_pdf(example)
layout.clear_caches()
idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
made = layout.report_pdf(replace(example, rows=rows))
taken = time.process_time() - start
open(sys.argv[2], "wb").write(made)
print(len(rows), taken, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle) / 1024)
"""


def test_growth(tmp_path):
    figures = {}
    for count in (12, 120, 996):
        file = tmp_path / f"{count}.pdf"
        told = subprocess.run(
            (sys.executable, "-c", GROWTH, str(count), str(file)),
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        _, taken, megabytes = map(float, told.split())
        pages = _pages(file)
        figures[count] = taken / pages
        sys.stdout.write(
            f"\n{count} collaborations: {pages} pages, {taken / pages * 1e3:.1f} ms, {megabytes / pages:.2f} MB a page"
            f" ({figures[count] / figures[12]:.2f} of the time at 12; aim: at most 1.1 and 2 MB)"
        )

    assert figures.keys() == {12, 120, 996}


def _pages(file):
    told = subprocess.run(("pdfinfo", str(file)), capture_output=True, text=True, check=True).stdout
    return int(next(line for line in told.splitlines() if line.startswith("Pages:")).split()[1])
