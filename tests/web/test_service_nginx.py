"""The site for nginx that is shipped, in Debian's nginx: a whole journey leaves no key and no path in any log."""

import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import httpx2
import pytest
from web_pages import SERVICE
from web_services import BASE, ProxiedBrowser, address_in, free_port, host_key, running_service

SITE = Path(__file__).parents[2] / "assessor" / "web" / "deployment" / "nginx.conf"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
pytestmark = [pytest.mark.full, pytest.mark.skipif(NGINX is None, reason="needs nginx: apt-get install nginx")]
CANDID = "The candid party"


@dataclass(frozen=True)
class Proxy:
    """nginx in front of a service, with a folder for all that it keeps."""

    folder: Path
    https: int
    http: int
    service: int

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
        (self.folder / "site.conf").write_text(site.replace(":8721", f":{self.service}"), encoding="utf-8")
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


@pytest.fixture
def proxy(tmp_path: Path) -> Proxy:
    folder = tmp_path / "nginx"
    folder.mkdir()
    files = ("-keyout", folder / "workshops.example.key", "-out", folder / "workshops.example.pem")
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=workshops.example", *files)
    subprocess.run(made, check=True, capture_output=True)
    found = Proxy(folder, free_port(), free_port(), free_port())
    found.write()
    return found


@pytest.fixture
def serving(proxy: Proxy) -> Iterator[Proxy]:
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


def test_the_site_is_what_nginx_understands(proxy: Proxy):
    tested = subprocess.run(proxy.run("-t"), capture_output=True, text=True, check=False)

    assert tested.returncode == 0, tested.stderr
    assert "warn" not in tested.stderr


def test_no_log_has_a_key_or_a_path_after_a_whole_journey(serving: Proxy, home: Path):
    address = host_key()
    with running_service(home, "--port", str(serving.service)):
        https = f"https://127.0.0.1:{serving.https}"
        host, steward, stranger = ProxiedBrowser(https), ProxiedBrowser(https), ProxiedBrowser(https)
        assert host.press(address).headers["location"] == "/host"
        key = address_in(host.press("/host", names="Library A").text).removeprefix(BASE)
        library = steward.press(key).headers["location"]
        of = steward.press(f"{library}/new", party=CANDID).headers["location"]
        for page, response in (("gut", "network"), ("mode", "full"), *((f"q/{k}", v) for k, v in SERVICE.items())):
            assert steward.press(f"{of}/{page}", response=response).status_code == 303
        told = [steward.get(f"{library}/report").status_code, stranger.get(key).status_code]
        told += [stranger.get(library).status_code, stranger.get(f"/key/{'x' * 22}").status_code]
        asked = 2 * (4 + 2 + len(SERVICE)) + 4
        plain = httpx2.get(f"http://127.0.0.1:{serving.http}{key}", headers={"host": "workshops.example"})
    # Where nothing answers behind it, nginx has something to say; that must not be the path either.
    away = stranger.get(key).status_code
    said, kept = (home / "log").read_text(encoding="utf-8"), serving.logged

    assert (told, away) == ([200, 404, 401, 404], 502)
    assert (plain.status_code, plain.headers["location"]) == (301, f"{BASE}/")
    assert len((serving.folder / "assessor.log").read_text(encoding="utf-8").splitlines()) == asked + 1
    secrets = [address, key, library, *(value for one in (host, steward) for value in one.cookies.values())]
    named = [*(each.rpartition("/")[2] for each in secrets), "/key", "/l/", "/host", "Library A", CANDID]
    assert [each for each in named if each in said or each in kept] == []
