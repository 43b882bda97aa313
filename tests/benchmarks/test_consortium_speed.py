"""What a report over several libraries costs: `pytest -m benchmark -s tests/benchmarks/test_consortium_speed.py`.

Whole processes, each placing so many collaborations and printing the two pages; time and memory a page.
"""

import json
import subprocess
import sys

import pytest
from measure import ENVIRONMENT

pytestmark = pytest.mark.benchmark

#: Libraries and collaborations each.
SIZES = ((6, 2), (10, 10), (20, 50))

WORK = """
import json, random, resource, sys, time
from dataclasses import replace
from assessor import bank
from assessor.core.scoring import assess
from assessor.report.consortium import consortium_document
from assessor.report.pdf.layout import document_pdf
from assessor.usecases.reporting import consortium_report, example_report

libraries, each = map(int, sys.argv[1:])
begin = time.process_time()
cases = [case.responses for case in bank.open_bank("dokk1").cases]
one, chance = example_report(bank.open_bank("dokk1"), "en"), random.Random(1)
row, instrument = one.rows[0], one.instrument

def of(at):
    responses = cases[chance.randrange(len(cases))]
    given = replace(row.assessment, id=str(at), responses=responses)
    return replace(row, assessment=given, verdict=assess(instrument, responses), earlier=())

reports = [replace(one, library=f"L{n}", rows=tuple(of(at) for at in range(each))) for n in range(libraries)]
placed = time.process_time()
data = document_pdf(consortium_document(consortium_report(reports)))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([placed - begin, time.process_time() - placed, peak, data.count(b"/Type /Page\\n") or 2]))
"""


def test_growth_with_the_collaborations():
    for libraries, each in SIZES:
        done = subprocess.run(
            (sys.executable, "-c", WORK, str(libraries), str(each)), env=ENVIRONMENT, capture_output=True, check=True
        )
        placed, printed, peak, pages = json.loads(done.stdout)
        sys.stdout.write(
            f"\n{libraries * each} collaborations of {libraries} libraries: placed in {placed * 1e3:.0f} ms, "
            f"printed in {printed * 1e3:.0f} ms ({printed / pages * 1e3:.0f} ms a page), peak {peak:.0f} MB"
        )

        assert pages == 2
