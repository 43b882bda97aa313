"""`assessor open` as a whole process: it says where it is, lets one in, ends when told, and writes no secret down."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from web_pages import OURS


@pytest.fixture
def opened(home) -> Iterator[subprocess.Popen[str]]:
    env = {**os.environ, "ASSESSOR_LANG": "en", "LANG": "C.UTF-8"}
    command = (sys.executable, "-m", "assessor", "open", "--no-browser")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=env)
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_it_lets_one_in_and_ends_when_the_page_says_so(opened):
    address = opened.stdout.readline().strip()
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    entered = browser.open(address, timeout=10).status
    base = address.partition("/in/")[0]
    page = browser.open(f"{base}/close", timeout=10).read().decode()
    key = re.search('name="key" value="(.*?)"', page.partition("/close")[2]).group(1)
    closed = browser.open(Request(f"{base}/close", urlencode({"key": key}).encode(), OURS), timeout=10)  # noqa: S310
    next_address = opened.stdout.readline().strip()
    out, err = opened.communicate(timeout=10)

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/in/[\w-]{22}", address)
    assert (entered, closed.status, opened.returncode) == (200, 200, 0)
    assert next_address.startswith(f"{base}/in/")
    assert next_address != address
    assert out == ""
    assert address.rpartition("/")[2] not in err
    assert "Ctrl-C to stop" in err


@pytest.mark.parametrize("kind", ["text", "window"])
def test_a_browser_is_opened_beside_what_is_served_and_none_that_fills_the_terminal(home, tmp_path, kind):
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("lynx", "w3m", "www-browser") if kind == "text" else ("xdg-open",):
        (programs / name).write_text(f"#!/bin/sh\necho begun > {tmp_path}/begun\nexec /bin/sleep 6\n")
        (programs / name).chmod(0o755)
    settings = {"TERM": "xterm"} if kind == "text" else {"DISPLAY": ":9"}
    env = {
        "PATH": str(programs),
        "ASSESSOR_HOME": str(home),
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        **settings,
    }
    command = (sys.executable, "-m", "assessor", "open")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", env=env)
    try:
        address = process.stdout.readline().strip()
        served = build_opener(HTTPCookieProcessor(CookieJar())).open(address, timeout=10).status
        begun = (tmp_path / "begun").exists
        for _ in range(50 if kind == "window" else 3):
            if not begun():
                time.sleep(0.1)
    finally:
        process.kill()
        process.communicate()

    assert served == 200
    assert begun() is (kind == "window")


def test_ctrl_c_ends_it_quietly(opened):
    opened.stdout.readline()
    opened.send_signal(signal.SIGINT)
    _out, err = opened.communicate(timeout=10)

    assert opened.returncode == 0, err
    assert "Traceback" not in err
