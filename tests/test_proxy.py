"""The proxy as the README sets it up: a real nginx before a real server, and what its log keeps."""

import os
import re
import selectors
import shutil
import signal
import socket
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
import websocket

from copapp.proxies import trusted_networks
from copapp.settings import Settings
from tests.browser.server import DelegateServer
from tests.conftest import found
from tests.services import ServiceMissingError, free_port, running

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
SENDERS, IDLE = 5, 1500
TOKEN = "5q37jjw6ild2l4mzc3e7fx4bgorlblsn"
SECRET = [
    f"/meet/{TOKEN}",
    f"//meet//{TOKEN}",
    f"/%6deet/{TOKEN}",
    f"/MEET/{TOKEN}",
    f"/meet/{TOKEN}/",
    f"/meet/{TOKEN}?more=1",
    f"/admin/set-up/{TOKEN}",
    f"/admin/password/{TOKEN}",
    f"/api/v1/calendars/{TOKEN}.ics",
    f"/api/v1/calendars/{TOKEN}",
    f"/api/v1/meeting-requests/{TOKEN}",
    f"/api/v1/meeting-requests/{TOKEN}/accept",
]


@contextmanager
def nginx(backend: int, certificate: Path) -> Iterator[tuple[str, Path]]:
    """Run nginx with the README's configuration, on other ports; gives its address and its logs."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise ServiceMissingError("nginx is not here (Debian: apt-get install nginx-light)")
    main, given = re.findall(r"```nginx\n(.*?)```", README, re.DOTALL)
    folder, port = Path(tempfile.mkdtemp(prefix="copapp-nginx-")), free_port()
    here = {
        "listen 443": f"listen 127.0.0.1:{port}",
        "/etc/ssl/meet.example.org/fullchain.pem": f"{certificate}.crt",
        "/etc/ssl/meet.example.org/privkey.pem": str(certificate),
        "/var/log/nginx": str(folder),
        "127.0.0.1:3000": f"127.0.0.1:{backend}",
        "limit_conn senders 200": f"limit_conn senders {SENDERS}",
    }
    for line, ours in here.items():
        assert line in given
        given = given.replace(line, ours)
    temporary = "".join(
        f"{each}_temp_path {folder}/{each};\n"
        for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    settings = folder / "nginx.conf"
    settings.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/start.log;\n{main}"
        f"http {{\naccess_log off;\n{temporary}{given}}}\n"
    )
    try:
        command = [program, "-p", str(folder), "-e", f"{folder}/start.log", "-c", str(settings)]
        with running(command, folder, lambda: _listens(port), signal.SIGTERM):
            yield f"https://localhost:{port}", folder
    finally:
        shutil.rmtree(folder)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DelegateServer]:
    made = DelegateServer(tmp_path_factory.mktemp("proxied"), {})
    made.seed()
    made.start()
    yield made
    made.close()


@pytest.fixture(scope="module")
def proxied(server: DelegateServer, certificate: Path) -> Iterator[tuple[httpx.Client, Path]]:
    """Somebody signed in who comes by the proxy, and its logs."""
    link = server.run("staff", "add", "Aigul", "aigul@example.org", "--coordinator").split()[-1]
    trusted = ssl.create_default_context(cafile=f"{certificate}.crt")
    with (
        found(nginx(server.port, certificate)) as (url, logs),
        httpx.Client(base_url=url, verify=trusted) as client,
    ):
        same = {"sec-fetch-site": "same-origin"}
        path = link.partition(f":{server.port}")[2] or f"/{link.split('/', 3)[3]}"
        answer = client.post(path, data={"password": "a long enough password"}, headers=same)
        assert answer.headers["location"] == "/admin"
        yield client, logs


def test_proxy_of_the_readme_logs_no_secret_link(proxied: tuple[httpx.Client, Path]) -> None:
    client, logs = proxied

    root = str(client.base_url).rstrip("/")
    for path in SECRET:
        client.get(root + path, headers={"referer": f"https://meet.example.org/meet/{TOKEN}"})
        client.post(root + path)
    client.get("/saved")

    kept = "".join(each.read_text() for each in logs.glob("*.log"))
    assert TOKEN not in kept.lower()
    told = {" ".join(each.split('"')[1].split()) for each in kept.splitlines() if each.count('"') == 2}
    assert {"GET /meet/-", "GET /api/v1/calendars/-", "POST /admin/set-up/-", "GET /saved"} <= told


def test_proxy_of_the_readme_lets_a_large_import_pass(proxied: tuple[httpx.Client, Path]) -> None:
    """With nginx's own limit of 1 MB staff read that 10 MB is the most."""
    client, _ = proxied

    def sent(size: int) -> httpx.Response:
        return client.post(
            "/admin/import/file", content=b"x" * size, headers={"sec-fetch-site": "same-origin"}
        )

    assert sent(9_500_000).status_code == 201
    ours = sent(10_500_000)
    assert (ours.status_code, ours.headers["content-type"]) == (413, "application/problem+json")
    before_us = sent(13_000_000)
    assert (before_us.status_code, before_us.headers["content-type"]) == (413, "text/html")


def test_proxy_of_the_readme_passes_staffs_socket(
    proxied: tuple[httpx.Client, Path], certificate: Path
) -> None:
    client, _ = proxied
    port = client.base_url.port
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())

    socket_ = websocket.create_connection(
        f"wss://localhost:{port}/_event/?EIO=4&transport=websocket&token=x",
        cookie=cookie,
        origin=f"https://localhost:{port}",
        host=f"localhost:{port}",
        sslopt={"ca_certs": f"{certificate}.crt"},
    )

    assert str(socket_.recv()).startswith("0")
    socket_.close()


def test_proxy_of_the_readme_has_room_beside_many_that_do_nothing(
    proxied: tuple[httpx.Client, Path], certificate: Path
) -> None:
    """By its own default nginx ends near this many."""
    client, _ = proxied
    trusted = ssl.create_default_context(cafile=f"{certificate}.crt")

    with ExitStack() as held:
        for _ in range(IDLE):
            address = ("127.0.0.1", client.base_url.port or 443)
            held.enter_context(socket.create_connection(address, timeout=10))

        with httpx.Client(base_url=client.base_url, verify=trusted, timeout=30) as another:
            assert another.get("/").status_code == 200
            assert another.post("/api/v1/meeting-requests", json={}).status_code == 400


def test_proxy_of_the_readme_waits_for_so_many_bodies_of_an_address(
    proxied: tuple[httpx.Client, Path], certificate: Path
) -> None:
    client, _ = proxied
    head = b"POST /api/v1/meeting-requests HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"
    trusted = ssl.create_default_context(cafile=f"{certificate}.crt")

    with ExitStack() as held, selectors.DefaultSelector() as answers:
        for _ in range(SENDERS + 1):
            plain = socket.create_connection(("127.0.0.1", client.base_url.port or 443), timeout=10)
            line = held.enter_context(trusted.wrap_socket(plain, server_hostname="localhost"))
            line.sendall(head)
            answers.register(line, selectors.EVENT_READ, line)
        said = b""
        while not said:  # what TLS says of itself first is no answer
            said = next((each for key, _ in answers.select() if (each := _heard(key.data))), b"")

        assert said.startswith(b"HTTP/1.1 503 ")
        assert client.get("/saved").status_code == 200, "reading counts for nothing"


def _heard(line: ssl.SSLSocket) -> bytes:
    line.settimeout(0)
    try:
        return line.recv(100)
    except ssl.SSLWantReadError:
        return b""


def test_missing_address_is_told_once(server: DelegateServer, proxied: tuple[httpx.Client, Path]) -> None:
    """Without it links are made for the loopback address: nobody noticed until a delegate tried one."""
    client, _ = proxied
    client.get("/")
    client.get("/")

    assert server.log.read_text().count("Without COPAPP_PUBLIC_URL mail and posters carry no link") == 1
    assert server.log.read_text().count("COPAPP_PUBLIC_URL is not set") == 1
    assert client.get("/api/v1/posters.pdf").status_code == 503


def test_own_log_holds_no_secret_link(server: DelegateServer) -> None:
    with httpx.Client() as client:
        for path in SECRET:
            for method in ("GET", "POST", "PUT", "DELETE"):
                client.request(method, server.url + path, content=b"{")

    said = server.log.read_text()
    assert "X-Forwarded-For is believed from: 127.0.0.1, ::1." in said
    assert TOKEN not in said


@pytest.mark.parametrize(
    ("given", "networks"),
    [
        ("10.0.0.5", ["10.0.0.5/32"]),
        ("10.0.0.5, 172.16.0.0/12 fd00::/8", ["10.0.0.5/32", "172.16.0.0/12", "fd00::/8"]),
        ("none", []),
        (" NONE ", []),
    ],
)
def test_trusted_proxies_are_addresses_and_networks(given: str, networks: list[str]) -> None:
    assert [str(each) for each in trusted_networks(given)] == networks


@pytest.mark.parametrize("given", ["proxy.example.org", "10.0.0.5/12", "*", "0.0.0.0/0", "::/0", "10.0.0"])
def test_what_is_no_proxy_is_refused_in_words(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPAPP_TRUSTED_PROXIES", given)

    with pytest.raises(ValueError, match=r"is no address and no network|say to be anybody"):
        Settings()
