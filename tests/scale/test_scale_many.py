"""Work shared out: every task once, the failed ones named, nothing done twice, here and on a cluster."""

import io
import json
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from clusters import cluster
from pypdf import PdfReader
from working import double, end_always, end_once, slowly

from assessor.bank import open_bank
from assessor.scale.errors import BadRows, SchedulerUnreachable
from assessor.scale.file_placement import PlacementOptions
from assessor.scale.ledger import LEDGER_FILE, Ledger
from assessor.scale.pool import Execution, run_tasks
from assessor.usecases.batch import place_each, place_file, place_tasks, render_report, report_each, report_tasks
from assessor.usecases.reporting import example_report

HERE, TWO = Execution(), Execution(jobs=2)


@pytest.fixture(scope="module")
def example():
    """The example's twelve collaborations, twice over under other names."""
    report = example_report(open_bank("dokk1"), "sv")
    rows = [
        replace(row, assessment=replace(row.assessment, collaboration=named(row.assessment.collaboration, n)))
        for n in range(2)
        for row in report.rows
    ]
    return replace(report, rows=tuple(rows))


def named(collaboration, number):
    return replace(collaboration, id=f"{collaboration.id}-{number}", party=f"{collaboration.party} {number}")


@pytest.mark.parametrize("place", [HERE, TWO])
def test_each_task_has_one_outcome_and_a_failed_one_leaves_the_others_alone(place):
    outcomes = list(run_tasks(double, range(40), place))

    assert sorted(each.task for each in outcomes) == list(range(40))
    assert {each.task: each.result for each in outcomes if not each.error} == {n: 2 * n for n in range(40) if n != 13}
    assert [(each.task, repr(each.error)) for each in outcomes if each.error] == [(13, "ValueError(13)")]


def test_a_task_is_tried_again_when_its_process_ended(tmp_path):
    ended_before = tmp_path / "ended before"
    ended_before.touch()
    markers = [str(tmp_path / "not yet"), str(ended_before)]

    assert [each.result for each in run_tasks(end_once, markers, TWO)] == ["done", "done"]
    assert (tmp_path / "not yet").exists()


def test_a_task_that_ends_every_process_is_named_and_the_others_are_done():
    outcomes = {each.task: each.error for each in run_tasks(ending, ["bad", *range(5)], TWO)}

    assert type(outcomes.pop("bad")).__name__ == "BrokenExecutor"
    assert outcomes == dict.fromkeys(range(5))


def ending(task):
    return end_always(task) if task == "bad" else slowly(task)


def test_a_scheduler_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr("assessor.scale.pool.PATIENCE", 1)
    with pytest.raises(SchedulerUnreachable, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        list(run_tasks(double, [1], Execution(scheduler="tcp://127.0.0.1:9")))


def test_a_ledger_believes_only_what_stands_whole(tmp_path):
    ledger = Ledger.for_folder(tmp_path / "out")
    (tmp_path / "out" / "a").write_bytes(b"made")
    ledger.mark_done("a", "key")
    ledger.mark_done("a", "key")
    with (tmp_path / "out" / LEDGER_FILE).open("a") as file:
        file.write('{"file": "b", "ke')
    again = Ledger.for_folder(tmp_path / "out")

    assert [again.is_done("a", "key"), again.is_done("a", "other"), again.is_done("b", "key")] == [True, False, False]
    again.mark_done("a", "newer")
    assert Ledger.for_folder(tmp_path / "out").is_done("a", "newer")
    (tmp_path / "out" / "a").write_bytes(b"mine")
    assert not Ledger.for_folder(tmp_path / "out").is_unchanged("a")


def files(folder):
    """Five CSV files, the third with a response that is none."""
    folder.mkdir()
    for n in range(5):
        given = "no such" if n == 2 else "joint"
        (folder / f"f{n}.csv").write_text(f"id,creation\n{n},{given}\n", encoding="utf-8")
    return sorted(folder.iterdir())


def test_of_many_files_the_bad_one_is_named_and_a_second_run_does_only_the_rest(tmp_path):
    out, sources = tmp_path / "out", files(tmp_path / "in")
    ledger = Ledger.for_folder(out)

    def run():
        tasks = place_tasks(open_bank("dokk1"), sources, out, "jsonl", PlacementOptions())
        return {each.task.source.name: each.error for each in place_each(tasks, ledger, TWO)}

    first = run()
    assert {name for name, error in first.items() if error} == {"f2.csv"}
    assert isinstance(first["f2.csv"], BadRows)
    assert "row 2, creation: 'no such'" in str(first["f2.csv"])
    assert sorted(each.name for each in out.iterdir()) == [LEDGER_FILE, "f0.jsonl", "f1.jsonl", "f3.jsonl", "f4.jsonl"]

    sources[2].write_text("id,creation\n2,ready\n", encoding="utf-8")
    sources[3].write_text("id,creation\n3,parallel\n4,joint\n", encoding="utf-8")
    assert run() == {"f2.csv": None, "f3.csv": None}
    assert run() == {}
    assert len((out / "f3.jsonl").read_text("utf-8").splitlines()) == 2


def test_a_file_that_somebody_else_put_there_is_left_alone(tmp_path):
    out, sources = tmp_path / "out", files(tmp_path / "in")[:2]
    out.mkdir()
    (out / "f0.jsonl").write_text("mine", encoding="utf-8")
    tasks = place_tasks(open_bank("dokk1"), sources, out, "jsonl", PlacementOptions())
    outcomes = {each.task.source.name: each.error for each in place_each(tasks, Ledger.for_folder(out), HERE)}

    assert "exists already" in str(outcomes["f0.csv"])
    assert outcomes["f1.csv"] is None
    assert (out / "f0.jsonl").read_text("utf-8") == "mine"


def test_bad_lines_of_json_are_told_as_by_the_strict_reader(tmp_path):
    file = tmp_path / "in.jsonl"
    file.write_text('{"id": "a", "responses": {}}\n{"id": "b", "responses": {"creation": NaN}}\n', encoding="utf-8")
    with pytest.raises(Exception, match=r"line 2, \$\.responses\.creation: NaN is not a number"):
        place_file(open_bank("dokk1"), file, tmp_path / "out.parquet", PlacementOptions())


def whole(folder, tasks):
    """Every task's report is there once, whole, and its own."""
    found = {each.name: each for each in folder.iterdir() if each.name != LEDGER_FILE}
    assert sorted(found) == sorted(task.name for task in tasks)
    for task in tasks:
        data = found[task.name].read_bytes()
        assert data.rstrip().endswith(b"%%EOF")
        reader = PdfReader(io.BytesIO(data))
        assert reader.metadata.title == task.row.name
        assert len(reader.pages) >= 2
    lines = [json.loads(line) for line in (folder / LEDGER_FILE).read_text("utf-8").splitlines() if line]
    assert sorted(line["file"] for line in lines) == sorted(found)


def test_a_pool_and_this_process_make_the_same_reports_and_none_twice(example, tmp_path):
    tasks = report_tasks(replace(example, rows=example.rows[:3]), open_bank("dokk1"))
    for name, place in (("here", HERE), ("two", TWO)):
        outcomes = list(report_each(tasks, Ledger.for_folder(tmp_path / name), place))
        assert [each.error for each in outcomes] == [None] * 3
        whole(tmp_path / name, tasks)
    here, two = ([(tmp_path / name / task.name).read_bytes() for task in tasks] for name in ("here", "two"))

    assert here == two
    assert list(report_each(tasks, Ledger.for_folder(tmp_path / "here"), HERE)) == []
    changed = [replace(tasks[0], library="Another library"), *tasks[1:]]
    assert [each.task.name for each in report_each(changed, Ledger.for_folder(tmp_path / "here"), HERE)] == [
        tasks[0].name
    ]


def test_names_that_would_be_the_same_file_are_told_apart(example):
    collaborations = [
        replace(named(example.rows[0].assessment.collaboration, 0), id=str(n), party=party)
        for n, party in enumerate(("A/B", "A-B", "a-b", "../..", "C"))
    ]
    rows = [
        replace(example.rows[0], assessment=replace(example.rows[0].assessment, collaboration=each))
        for each in collaborations
    ]
    names = [task.name for task in report_tasks(replace(example, rows=tuple(rows)), open_bank("dokk1"))]

    assert len({name.casefold() for name in names}) == 5
    assert all("/" not in name and not name.startswith(".") and name.endswith(".pdf") for name in names)


def test_a_report_of_one_collaboration_names_no_other(example):
    task = report_tasks(example, open_bank("dokk1"))[0]
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(render_report(task))).pages)

    collaboration = task.row.assessment.collaboration
    assert f"{collaboration.party} {collaboration.undertaking}" in " ".join(text.split())
    parties = [row.assessment.collaboration.party for row in example.rows]
    assert [party for party in parties if party in text] == [collaboration.party]


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    path = [str(Path(__file__).parent), *sys.path]
    with cluster(tmp_path_factory.mktemp("cluster"), PYTHONPATH=":".join(path)) as started:
        yield started


def test_a_cluster_places_files_by_the_same_function(running, tmp_path):
    out, sources = tmp_path / "out", files(tmp_path / "in")
    tasks = place_tasks(open_bank("dokk1"), sources, out, "parquet", PlacementOptions())
    outcomes = list(place_each(tasks, Ledger.for_folder(out), Execution(scheduler=running.address)))

    assert {each.task.source.name for each in outcomes if each.error} == {"f2.csv"}
    assert sorted(each.name for each in out.glob("*.parquet")) == [f"f{n}.parquet" for n in (0, 1, 3, 4)]


@pytest.mark.full
def test_a_cluster_that_loses_a_worker_makes_every_report_once_and_whole(running, example, tmp_path):
    tasks = report_tasks(example, open_bank("dokk1"))
    place, ledger = Execution(scheduler=running.address), Ledger.for_folder(tmp_path / "out")
    outcomes = []
    for outcome in report_each(tasks, ledger, place):
        outcomes.append(outcome)
        if len(outcomes) == 5:
            running.workers[0].send_signal(signal.SIGKILL)
    assert [each.error for each in outcomes] == [None] * len(tasks)
    whole(tmp_path / "out", tasks)

    assert list(report_each(tasks, Ledger.for_folder(tmp_path / "out"), place)) == []
    (tmp_path / "out" / tasks[7].name).unlink()
    again = list(report_each(tasks, Ledger.for_folder(tmp_path / "out"), place))
    assert [(each.task.name, each.error) for each in again] == [(tasks[7].name, None)]
