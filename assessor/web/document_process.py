"""The process that makes documents for the pages, run as a program: it gives way to them before it imports anything."""

import os
from contextlib import suppress

if __name__ == "__main__":
    if hasattr(os, "nice"):
        with suppress(OSError):  # where a sandbox forbids it
            os.nice(10)

    from assessor.web.printing import make_documents

    make_documents()
