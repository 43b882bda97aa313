"""How fast many are: `pytest -m benchmark -s tests/benchmarks/test_scale_speed.py`, with the dependency group peers.

Every peer gives the same placements first. Ratios are of processor time in one run, on the same columns.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import peers
import pytest
from measure import ENVIRONMENT, cpu_here, ratio, tell

from assessor import bank
from assessor.scale.column_placement import PlacementTables
from assessor.scale.most_informative import MostInformative
from assessor.scale.transition_tables import build_steps

pytestmark = pytest.mark.benchmark

ROWS = int(os.environ.get("ROWS", "1000000"))
FEW = 2_000


@pytest.fixture(scope="module")
def instrument():
    return bank.open_bank("dokk1").instrument


def columns(instrument, unknown, rows=ROWS):
    chance = np.random.default_rng(7)
    return {
        item.id: np.where(
            chance.random(rows) < unknown, 0, chance.integers(1, len(item.options) + 1, rows, np.uint8)
        ).astype(np.uint8)
        for item in instrument.items
    }


@pytest.fixture(scope="module")
def known(instrument):
    return columns(instrument, 0)


@pytest.fixture(scope="module")
def partly(instrument):
    return columns(instrument, 0.2)


@pytest.fixture(scope="module")
def tables(instrument):
    return PlacementTables.for_instrument(instrument)


def placements(tables, ends):
    """The place of the only placement of each end."""
    return np.array([tables.instrument.placements.index(each[0]) for each in tables.sets], np.uint8).take(ends)


def as_texts(instrument, known, rows=FEW):
    names = {item.id: np.array((None, *item.options), object) for item in instrument.items}
    texts = {item: names[item][column[:rows]] for item, column in known.items()}
    return [dict(zip(texts, row, strict=True)) for row in zip(*texts.values(), strict=True)]


def test_against_polars(tables, known, partly):
    import polars as pl

    frame, rules = pl.DataFrame(known), peers.in_polars(tables.instrument)
    found = frame.select(rules.alias("placement"))["placement"].to_numpy()
    assert (found == placements(tables, tables.ends(known))).all()

    tell(
        f"{ROWS:,} rows with 20 % not known / polars, all known",
        ratio(lambda: cpu_here(lambda: tables.ends(partly)), lambda: cpu_here(lambda: frame.select(rules))),
        "at most 0.7",
    )


def test_against_a_loop_in_c(tables, partly, tmp_path):
    found = build_steps(tables.instrument.diagram)
    given = [partly[step.item] for step in found.steps]
    loop = peers.in_c(found, tmp_path)
    assert (loop(given) == tables.ends(partly)).all()

    tell(
        f"{ROWS:,} rows with 20 % not known / a loop in C",
        ratio(lambda: cpu_here(lambda: tables.ends(partly), 3), lambda: cpu_here(lambda: loop(given), 3)),
        "at most 4",
    )


def test_against_openfisca(tables, known, partly):
    run = peers.in_openfisca(tables.instrument, known)
    assert (run() == placements(tables, tables.ends(known))).all()

    tell(
        f"OpenFisca, all known / {ROWS:,} rows with 20 % not known",
        ratio(lambda: cpu_here(run), lambda: cpu_here(lambda: tables.ends(partly))),
        "at least 6",
    )


def per_row(tables, partly):
    return cpu_here(lambda: tables.ends(partly), 3) / ROWS


def test_against_json_logic(tables, known, partly):
    from json_logic import jsonLogic

    rows, rule = as_texts(tables.instrument, known), peers.in_json_logic(tables.instrument)
    told = [tables.instrument.placements[n] for n in placements(tables, tables.ends(known))[:FEW]]
    assert [jsonLogic(rule, row) for row in rows] == told

    def theirs():
        return cpu_here(lambda: [jsonLogic(rule, row) for row in rows]) / FEW

    tell("json-logic, one row / ours", ratio(theirs, lambda: per_row(tables, partly), 3), "at least 1,000")


def test_against_zen(tables, known, partly):
    import zen

    rows = as_texts(tables.instrument, known)
    decision = zen.ZenEngine().create_decision(json.dumps(peers.in_zen(tables.instrument)))
    told = [tables.instrument.placements[n] for n in placements(tables, tables.ends(known))[:FEW]]
    assert [decision.evaluate(row)["result"]["placement"] for row in rows] == told

    def theirs():
        return cpu_here(lambda: [decision.evaluate(row) for row in rows]) / FEW

    tell("zen-engine, one row / ours", ratio(theirs, lambda: per_row(tables, partly), 3), "at least 1,000")


def test_against_survey_js(tables, known, partly, tmp_path):
    if not shutil.which("npm"):
        pytest.skip("needs npm")
    installed = subprocess.run(
        ("npm", "install", "--silent", "survey-core"), cwd=tmp_path, capture_output=True, check=False
    )
    if installed.returncode:
        pytest.skip("survey-core cannot be fetched")
    (tmp_path / "run.js").write_text(peers.SURVEY_JS)
    rows = as_texts(tables.instrument, known)
    asked = json.dumps({"expression": peers.in_survey_js(tables.instrument), "rows": rows})

    def run():
        command = ("node", "run.js")
        done = subprocess.run(command, input=asked, cwd=tmp_path, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    told = [tables.instrument.placements[n] for n in placements(tables, tables.ends(known))[:FEW]]
    assert run()["found"] == told

    tell(
        "SurveyJS, one row / ours",
        ratio(lambda: run()["seconds"] / FEW, lambda: per_row(tables, partly), 3),
        "at least 1,000",
    )


def test_the_most_telling_item(tables, partly):
    open_ = np.array([len(each) > 1 for each in tables.sets]).take(tables.ends(partly))
    given = {item: column[open_] for item, column in partly.items()}
    telling = MostInformative(tables.instrument)
    first, again = cpu_here(lambda: telling.find_positions(given)), cpu_here(lambda: telling.find_positions(given))
    sys.stdout.write(
        f"\nmost telling item of {open_.sum():,} rows: first {first:.2f} s, what was met before {again:.3f} s"
    )

    assert len(given["price"]) == open_.sum()


FILES = """
import resource, sys, time
from pathlib import Path
from assessor import bank
from assessor.scale import duckdb_sandbox
from assessor.scale.file_placement import BATCH_ROWS, FilePlacer, PlacementOptions
what, source, target = sys.argv[1:]
placer = FilePlacer(bank.open_bank("dokk1").instrument)
start, cpu = time.monotonic(), time.process_time()
if what == "read":
    with duckdb_sandbox.sandboxed_database({"in": Path(source)}, 2) as (database, names):
        read = database.sql(f"SELECT * FROM read_parquet({names['in']})")
        rows = sum(map(len, read.to_arrow_reader(BATCH_ROWS)))
else:
    rows = placer.place_file(Path(source), Path(target), PlacementOptions(overwrite=True)).rows
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(rows, time.monotonic() - start, time.process_time() - cpu, used)
"""


def parquet(instrument, file, rows):
    import duckdb

    with duckdb.connect() as database:
        database.execute("SELECT setseed(0.5)")
        lists = {item.id: ["dont_know", *item.options] for item in instrument.items}
        drawn = ", ".join(
            f"({options})[CASE WHEN random() < 0.2 THEN 1 ELSE 2 + floor(random() * {len(options) - 1})::INT END]"
            f" AS {item}"
            for item, options in lists.items()
        )
        made = f"SELECT 'c' || n AS id, {drawn} FROM range({rows}) t(n)"
        database.execute(f"COPY ({made}) TO '{file}' (FORMAT parquet)")


@pytest.mark.parametrize("rows", [ROWS, 10 * ROWS])
def test_from_parquet_to_parquet(instrument, tmp_path, rows):
    source, target = tmp_path / "in.parquet", tmp_path / "out.parquet"
    parquet(instrument, source, rows)
    figures = {}
    for what in ("read", "place", "read", "place"):
        command = (sys.executable, "-c", FILES, what, str(source), str(target))
        told = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout
        figures[what] = list(map(float, told.split()))
    (_, wall, cpu, used), (_, read_wall, read_cpu, read_used) = figures["place"], figures["read"]
    sys.stdout.write(
        f"\nParquet to Parquet, {rows:,} rows: {wall:.2f} s / reading alone {read_wall:.2f} s = {wall / read_wall:.2f}"
        f" (aim: at most 2), processor {cpu:.2f} / {read_cpu:.2f} s = {cpu / read_cpu:.2f}; peak {used:.0f} MB"
        f" (reading alone {read_used:.0f} MB)"
    )

    assert figures["place"][0] == figures["read"][0] == rows


REPORTS = """
import json, resource, sys, time
from pathlib import Path
from dataclasses import replace
from assessor import bank
from assessor.usecases.batch import report_each, report_tasks
from assessor.usecases.reporting import example_report
from assessor.scale.ledger import Ledger
from assessor.scale.pool import Execution

def tasks(count):
    example = example_report(bank.open_bank("dokk1"), "sv")
    rows = [
        replace(row, assessment=replace(row.assessment, collaboration=replace(
            row.assessment.collaboration, id=f"{n}-{at}", party=f"{row.assessment.collaboration.party} {n}")))
        for n in range(count // 12 + 1) for at, row in enumerate(example.rows)
    ]
    return report_tasks(replace(example, rows=tuple(rows[:count])), bank.open_bank("dokk1"))

def plain(wanted):
    from weasyprint import HTML
    from assessor.usecases.batch import report_content
    from assessor.report.render import document_html
    from assessor.report.library.one_collaboration import collaboration_document
    for task in wanted:
        HTML(string=document_html(collaboration_document(report_content(task)))).write_pdf(pdf_variant="pdf/ua-1")

if __name__ == "__main__":
    what, count, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    wanted = tasks(count)
    start = time.monotonic()
    if what == "plain":
        plain(wanted)
    else:
        place = Execution(jobs=2) if what == "pool" else Execution(scheduler=what)
        outcomes = list(report_each(wanted, Ledger.for_folder(folder), place))
        assert [each.error for each in outcomes] == [None] * count, outcomes
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(each.ru_utime + each.ru_stime for each in used)
    print(time.monotonic() - start, max(each.ru_maxrss for each in used) / 1024, cpu)
"""


def reports(tmp_path, what, count, called):
    script = tmp_path / "reports.py"
    script.write_text(REPORTS)
    command = (sys.executable, str(script), what, str(count), str(tmp_path / called))
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return list(map(float, done.stdout.split()))


def test_reports_of_one_collaboration(tmp_path):
    count, alone = int(os.environ.get("REPORTS", "500")), int(os.environ.get("PLAIN", "40"))
    plain, _, plain_cpu = reports(tmp_path, "plain", alone, "")
    pool, used, cpu = reports(tmp_path, "pool", count, "pool")
    plain /= alone
    sys.stdout.write(
        f"\n{count} reports, two processes: {pool:.1f} s / plain loop ({alone} measured) {plain * count:.1f} s"
        f" = {pool / count / plain:.2f} (aim: at most 0.40);"
        f" processor, starts included, {cpu / count:.3f} / {plain_cpu / alone:.3f} s a report; peak {used:.0f} MB"
    )

    assert len(list((tmp_path / "pool").glob("*.pdf"))) == count


def test_growth_of_reports(tmp_path):
    """Two thousand (`GROWTH=500,2000`) take some ten minutes."""
    times = {}
    for count in map(int, os.environ.get("GROWTH", "100,400").split(",")):
        taken, used, _ = reports(tmp_path, "pool", count, f"n{count}")
        times[count] = taken / count
        first = next(iter(times.values()))
        sys.stdout.write(
            f"\n{count} reports: {taken / count * 1e3:.0f} ms each, {times[count] / first:.2f} of the first;"
            f" {used:.0f} MB"
        )

    assert times


def test_a_cluster_against_the_pool(tmp_path):
    sys.path.insert(0, str(Path(__file__).parent.parent / "scale"))
    from clusters import cluster

    count = int(os.environ.get("CLUSTER", "100"))
    pool, *_ = reports(tmp_path, "pool", count, "pool")
    with cluster(tmp_path) as running:
        reports(tmp_path, running.address, 12, "warm")
        there, *_ = reports(tmp_path, running.address, count, "there")
    sys.stdout.write(
        f"\n{count} reports, two workers {there:.1f} s / pool {pool:.1f} s = {there / pool:.2f} (aim: 1.15)"
    )

    assert len(list((tmp_path / "there").glob("*.pdf"))) == count
