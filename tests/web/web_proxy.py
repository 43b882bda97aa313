"""The site for nginx that is shipped, in Debian's nginx, for tests that go the whole way."""

import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import pytest
from web_services import free_port

SITE = Path(__file__).parents[2] / "assessor" / "web" / "deployment" / "nginx.conf"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
needs_nginx = pytest.mark.skipif(NGINX is None, reason="needs nginx: apt-get install nginx")


@dataclass(frozen=True)
class Proxy:
    """nginx in front of a service, with a folder for all that it keeps."""

    folder: Path
    https: int
    http: int
    service: int
    #: Of the process that answers while the other is restarted.
    spare: int

    @property
    def configuration(self) -> Path:
        return self.folder / "nginx.conf"

    @property
    def logged(self) -> str:
        return "".join(each.read_text(encoding="utf-8") for each in sorted(self.folder.glob("*.log")))

    def write(self) -> None:
        """The shipped site with other ports and places, in the few lines that Debian puts around it."""
        site = SITE.read_text(encoding="utf-8")
        loopback = "[::1]" if _has_ipv6() else None
        for usual, port in ((443, self.https), (80, self.http)):
            site = site.replace(f"listen {usual}", f"listen 127.0.0.1:{port}")
            site = re.sub(rf"listen \[::\]:{usual}(.*;)", rf"listen {loopback}:{port}\1" if loopback else "", site)
        for place in ("/etc/ssl/certs", "/etc/ssl/private", "/var/log/nginx"):
            site = site.replace(place, str(self.folder))
        for usual, port in ((8721, self.service), (8722, self.spare)):
            site = site.replace(f":{usual}", f":{port}")
        (self.folder / "site.conf").write_text(site, encoding="utf-8")
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = " ".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in kinds)
        user = "user root;" if os.geteuid() == 0 else ""
        self.configuration.write_text(
            f"{user} daemon off; worker_processes 1; pid {self.folder}/pid; events {{}}\n"
            f"http {{ {temporary} include {self.folder}/site.conf; }}\n",
            encoding="utf-8",
        )

    def run(self, *options: str) -> list[str]:
        return [str(NGINX), "-c", str(self.configuration), "-e", str(self.folder / "start.log"), *options]


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as listening:
            listening.bind(("::1", 0))
    except OSError:
        return False
    return True


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for the service's name that nobody vouches for, and its key."""
    made = folder / "workshops.example.pem", folder / "workshops.example.key"
    asked = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=workshops.example")
    command = ("openssl", "req", "-x509", *asked, "-out", made[0], "-keyout", made[1])
    subprocess.run(command, check=True, capture_output=True)
    return made


def proxy_in(folder: Path) -> Proxy:
    """A proxy that is set up and does not run yet."""
    folder.mkdir()
    certificate(folder)
    found = Proxy(folder, *(free_port() for _port in range(4)))
    found.write()
    return found


@contextmanager
def running_proxy(proxy: Proxy) -> Iterator[Proxy]:
    """The proxy, once it listens."""
    process = subprocess.Popen(proxy.run())
    try:
        until = monotonic() + 20
        while not _listens(proxy.https) and monotonic() < until:
            sleep(0.05)
        yield proxy
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0
