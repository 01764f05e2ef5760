"""Servers to measure, and clients to measure them with: granian as the demo runs it, nginx and wrk where they are installed."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from threading import Thread
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from fieldlab.lib.services import Processes

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENTS = 8
WRK = shutil.which("wrk")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

NGINX_CONF = """
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 512; }}
http {{
  access_log off;
  sendfile on;
  keepalive_requests 1000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  proxy_cache_path {folder}/cache keys_zone=map:10m max_size=100m;
  server {{
    listen 127.0.0.1:{port};
    location /static/ {{ root {folder}; types {{ }} default_type application/json; add_header Content-Encoding br; }}
    location / {{ proxy_pass http://127.0.0.1:{behind}; proxy_cache map; proxy_set_header Host $host; }}
  }}
}}
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def granian(processes: Processes, name: str, module: str, environment: dict[str, str]) -> str:
    """Start it with two workers, and wait until it answers."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-access-log"]
    command += ["--workers", "2", "--blocking-threads", "4", "--log-level", "warning", f"{module}:application"]
    processes.start(name, command, cwd=ROOT, environment={**os.environ, **environment})
    _wait(port)
    return f"http://127.0.0.1:{port}"


def nginx(processes: Processes, behind: str, static: bytes) -> str:
    """In front of `behind` with a cache; `/static/document.json` is these bytes from a file."""
    folder, port = processes.folder, free_port()
    (folder / "static").mkdir()
    (folder / "static" / "document.json").write_bytes(static)
    for path in (folder, folder / "static"):
        path.chmod(0o755)  # its workers are another user
    conf = folder / "nginx.conf"
    conf.write_text(NGINX_CONF.format(folder=folder, port=port, behind=behind.rpartition(":")[2]))
    processes.start("nginx", [NGINX, "-c", conf, "-g", "daemon off;"])
    _wait(port)
    return f"http://127.0.0.1:{port}"


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            assert time.monotonic() < deadline, "a server does not start"
            time.sleep(0.1)


def warm(url: str, headers: dict[str, str]) -> None:
    """So often that both workers have read what they keep."""
    for _ in range(12):
        read(url, headers)


def rates(*asks: tuple[str, dict[str, str]], rounds: int = 3, seconds: int = 2) -> list[float]:
    """Requests a second of each (address, headers) with 8 clients on open connections, taken in turn; the median of the rounds."""
    run: Callable[..., float] = _wrk if WRK else _threads
    found: list[list[float]] = [[] for _ in asks]
    for url, headers in asks:
        warm(url, headers)
    for turn in range(rounds + 1):
        for (url, headers), rates_of_one in zip(asks, found, strict=True):
            rate = run(url, headers, 1 if turn == 0 else seconds)
            if turn:
                rates_of_one.append(rate)
    return [median(one) for one in found]


def _wrk(url: str, headers: dict[str, str], seconds: int) -> float:
    options = [option for name, value in headers.items() for option in ("-H", f"{name}: {value}")]
    command = [WRK or "", "-t2", f"-c{CLIENTS}", f"-d{seconds}s", *options, url]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in told, told
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert rate, told
    assert float(rate[1]), told
    return float(rate[1])


def _threads(url: str, headers: dict[str, str], seconds: int) -> float:
    """Python's own client: slower than the servers, so that ratios come out too near to 1."""
    host, _, path = url.removeprefix("http://").partition("/")
    counts, until = [0] * CLIENTS, time.monotonic() + seconds

    def ask(number: int) -> None:
        connection = HTTPConnection(host)
        while time.monotonic() < until:
            connection.request("GET", f"/{path}", headers=headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status < 400, answer.status
            counts[number] += 1

    threads = [Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def read(url: str, headers: dict[str, str]) -> int:
    """The status."""
    try:
        with urlopen(Request(url, headers=headers), timeout=60) as answer:
            answer.read()
            return int(answer.status)
    except HTTPError as error:
        if error.code != 304:
            raise
        return 304


@contextmanager
def processes(folder: Path) -> Iterator[Processes]:
    running = Processes(folder)
    try:
        yield running
    finally:
        running.stop()
