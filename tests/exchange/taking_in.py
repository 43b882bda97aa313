"""An import as a program that can be killed: takes a file into a store, and says when it has opened and kept it."""

import sys
from pathlib import Path

from assessor.store import Store
from assessor.usecases.transfer import import_assessments

if __name__ == "__main__":
    with Store.open(sys.argv[1], create=True) as store, Path(sys.argv[2]).open("rb") as document:
        print("open", flush=True)
        import_assessments(store, document, "a.json")
        print("kept", flush=True)
