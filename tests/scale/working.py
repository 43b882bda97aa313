"""Work that pools are tried with; here because another process must be able to import it."""

import os
import time
from pathlib import Path


def double(number):
    if number == 13:
        raise ValueError(number)
    return 2 * number


def end_once(marker):
    """End the process without a word, the first time."""
    if not Path(marker).exists():
        Path(marker).touch()
        os._exit(1)
    return "done"


def end_always(marker):
    os._exit(1)


def slowly(number):
    time.sleep(0.05)
    return number
