"""What one more post costs on a long history: a person who rewrites a note 10,000 times slows nobody else."""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assessor.bank import open_bank
from assessor.store import Store
from assessor.usecases.assessments import Assessments, new_key

pytestmark = pytest.mark.benchmark

REWRITTEN = 10_000
NOTE = "A thought that is rewritten. " * 40


def _begun(store: Store, assessments: Assessments, times: int) -> str:
    collaboration = store.add_collaboration("Library", f"School {times}")
    id_ = assessments.begin(collaboration).assessment.id
    with store.transaction():
        for at in range(times):
            store.record_entry(id_, "note", "creation", f"{at} {NOTE}", key=new_key())
    return id_


def _median_ms(work: Callable[[], object], rounds: int = 15) -> float:
    took = []
    for _round in range(rounds):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


def test_a_post_on_a_history_of_10000_beside_one_on_a_history_of_10(tmp_path: Path):
    with Store.open(tmp_path / "assessor.db", create=True) as store:
        assessments = Assessments(store, "Library", open_bank("dokk1"))
        short, long = (_begun(store, assessments, times) for times in (10, REWRITTEN))

        def post(id_: str, condensed: bool) -> Callable[[], object]:
            def once() -> None:
                loaded = assessments.load(store.assessment(id_, condensed=condensed))
                store.record_entry(loaded.assessment.id, "note", "creation", NOTE, key=new_key())
                store.assessment(id_, condensed=condensed)

            return once

        told = {
            condensed: (_median_ms(post(short, condensed)), _median_ms(post(long, condensed)))
            for condensed in (False, True)
        }
    for condensed, (on_short, on_long) in told.items():
        sys.stdout.write(
            f"\n{'condensed' if condensed else 'whole'} history: on 10 entries {on_short:.2f} ms, on {REWRITTEN} "
            f"{on_long:.2f} ms = {on_long / on_short:.1f} (aim 1.5 condensed)"
        )
    assert told[True][1] / told[True][0] < 3
