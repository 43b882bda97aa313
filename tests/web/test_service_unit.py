"""The unit for systemd that is shipped: understood, shut in, and its command run word by word."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import cluster
import httpx2
import pytest
from web_services import ProxiedBrowser, free_port

UNIT = Path(__file__).parents[2] / "assessor" / "web" / "deployment" / "assessor@.service"
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")


def stated(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)


def environment_file() -> dict[str, str]:
    """What the unit's first lines say that the host's own file has."""
    lines = re.findall(r"^#   (ASSESSOR_\w+)=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(lines)


@needs_systemd
def test_the_unit_is_understood_and_lets_the_service_do_little(tmp_path: Path):
    unit = tmp_path / "assessor@.service"
    unit.write_text(UNIT.read_text(encoding="utf-8").replace("/usr/local/bin/assessor", sys.executable))
    told = subprocess.run(("systemd-analyze", "verify", unit), capture_output=True, text=True, check=False)
    exposed = subprocess.run(
        ("systemd-analyze", "security", "--offline=yes", "--threshold=20", unit),
        capture_output=True,
        text=True,
        check=False,
    )

    assert [line for line in told.stderr.splitlines() if "assessor@" in line] == []
    assert exposed.returncode == 0, exposed.stdout


#: In a view of the files of its own: the command where the unit has it, and a folder for the service's state.
IN_PLACE = """
mount -t tmpfs none /usr/local/bin && mount -t tmpfs none /var/lib && mkdir /var/lib/assessor
printf '#!/bin/sh\\nexec {python} -m assessor "$@"\\n' > /usr/local/bin/assessor && chmod 755 /usr/local/bin/assessor
exec {command}
"""


@pytest.mark.full
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="needs root and unshare")
def test_its_command_serves_until_it_is_told_to_end(tmp_path: Path):
    port, (command,) = free_port(), stated("ExecStart")
    host, (home,) = environment_file(), stated("Environment")
    words = shlex.split(command.replace("%i", str(port)).replace("$ASSESSOR_SERVE", host["ASSESSOR_SERVE"]))
    script = IN_PLACE.format(python=sys.executable, command=shlex.join(words))
    with cluster.running() as server, (tmp_path / "log").open("w+", encoding="utf-8") as log:
        given = dict([home.split("=", 1)]) | host | {"ASSESSOR_STORE": server.url(server.database())}
        wrapped = ("unshare", "--mount", "sh", "-c", script)
        process = subprocess.Popen(wrapped, env={**os.environ, **given}, cwd="/", stdout=log, stderr=log, text=True)
        told = _health(process, port)
        process.send_signal(signal.SIGTERM)
        ended = process.wait(int(stated("TimeoutStopSec")[0]))
    said = (tmp_path / "log").read_text(encoding="utf-8")

    assert (told, ended) == (204, 0), said
    assert host["ASSESSOR_STORE"].startswith("postgresql://")


def _health(process: subprocess.Popen[str], port: int) -> int:
    until = monotonic() + 90
    while process.poll() is None and monotonic() < until:
        try:
            return ProxiedBrowser(f"http://127.0.0.1:{port}").get("/health").status_code
        except httpx2.TransportError:
            sleep(0.2)
    return 0
