"""The site for nginx that is shipped, in Debian's nginx: a whole journey leaves no key and no path in any log."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from web_pages import SERVICE
from web_proxy import Proxy, needs_nginx, proxy_in, running_proxy
from web_services import BASE, ProxiedBrowser, address_in, host_key, running_service

pytestmark = [pytest.mark.full, needs_nginx]
CANDID = "The candid party"


@pytest.fixture
def proxy(tmp_path: Path) -> Proxy:
    return proxy_in(tmp_path / "nginx")


@pytest.fixture
def serving(proxy: Proxy) -> Iterator[Proxy]:
    with running_proxy(proxy) as found:
        yield found


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
