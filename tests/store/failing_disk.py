"""Run with the shim loaded: gives answers while the disk fails once, and prints what came of each."""

import json
import sys
from pathlib import Path

from assessor.errors import AssessorError
from assessor.store import Store

store_path, once, assessment = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]


def give(store: Store, value: str) -> str:
    """Acknowledged, or the kind of refusal."""
    try:
        store.record_entry(assessment, "response", "creation", value, key=value)
    except AssessorError as problem:
        return type(problem).__name__
    return "kept"


with Store.open(store_path) as store:
    told = [give(store, "first")]
    once.touch()
    told += [give(store, "while it fails"), give(store, "after it failed")]
    readable = store.assessment(assessment).responses["creation"]
lock_stays = store_path.with_name(store_path.name + ".lock").exists()
with Store.open(store_path) as store:
    told += [give(store, "opened again")]
    history = [entry.value for entry in store.assessment(assessment).history]
print(json.dumps({"told": told, "readable": readable, "lock_stays": lock_stays, "history": history}))
