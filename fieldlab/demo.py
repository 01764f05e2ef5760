"""`manage.py demo`: the whole platform on this machine, with nothing installed by hand and nothing left running.

It starts PostgreSQL, Redis, the web server and the worker, each with its log in `.data/`, and ends with all of them. Nothing is
taken from the shell's settings: it never touches a database that it did not start.
"""

import argparse
import base64
import errno
import fcntl
import hashlib
import http.client
import json
import os
import secrets
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO

from fieldlab.lib.services import Processes, RunningDemo, ServiceError, Stopped, start_embedded

BASE_DIR = Path(__file__).resolve().parent.parent
MEGABYTE = 1_000_000
NEEDED_DISK = 200 * MEGABYTE
WEB_THREADS = 4
READY_SECONDS = 120
LOCK_SECONDS = 15  # longer than an earlier demo takes to end

# What children get of the shell's environment; everything else could change what they do.
KEPT = {"HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "TERM", "TMPDIR", "TZ", "USER", "VIRTUAL_ENV"}
KEPT |= {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_DIR", "SSL_CERT_FILE"}

PASSWORD = "fieldlab-demo"  # noqa: S105 (known to all: the sample accounts exist in the demo only)
CARD = ("CDF-GHJ-234", "0106")  # of an invented person in the sample
ACCOUNTS = {
    "coordinator": "network coordinator: publishes anywhere, invites, keeps places for talks and texts of consent; sees no person",
    "initiatief": "owner of an initiative: its page, its team, messages, one that wants to meet, and a draft to go on with",
    "redacteur": "editor of the same initiative: its page, with an edit not saved yet, but not its team",
    "professional": "participation professional: the day at /vandaag/, people, agenda, hours, talks, reports, plans and hand-overs",
    "workshop": "workshop facilitator: the role; pages come later",
    "verbinder": "boundary spanner of Oost: three wait, and one page changed since it was read",
    "jurylid": "jury member: the role; pages come later",
    "gemeente": "municipal contact: stands on the page of Oost, and keeps the own entry true",
    "uitkering": "decides on benefits: sees no person, whatever other roles there are",
    "kennis": "knowledge institute: the role; pages come later",
    "deelnemer": "participant: appointment, plan, report, who sees and who looked, a copy, erasing",
}


def main(argv: list[str]) -> int:
    options = _options(argv)
    for name in os.environ.keys() - KEPT:
        del os.environ[name]
    try:
        with _held(RunningDemo(options.data.resolve())) as (demo, lock):
            _check_port(options.port)
            if options.reset:
                _reset(demo)
            if (free := shutil.disk_usage(demo.data).free) < NEEDED_DISK:
                raise ServiceError(
                    f"the disk is nearly full: {free // MEGABYTE} MB left in {demo.data}, {NEEDED_DISK // MEGABYTE} MB needed"
                )
            _run(demo, lock, options)
    except Stopped:
        with suppress(Stopped):
            _say("Stopped.")
        return 0
    except (ServiceError, OSError) as error:
        print(f"fieldlab demo: {_one_line(error)}", file=sys.stderr)
        return 1
    return 0


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py demo", description="The whole platform on this machine, with sample data.")
    parser.add_argument("--port", type=_port, default=8000, help="where the site listens on this machine (8000)")
    parser.add_argument("--no-sample", action="store_true", help="without sample data and accounts")
    parser.add_argument("--reset", action="store_true", help="delete what earlier runs kept, then start")
    parser.add_argument("--data", type=Path, default=BASE_DIR / ".data", help="the folder for everything that is kept (.data)")
    return parser.parse_args(argv)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


@contextmanager
def _held(demo: RunningDemo) -> Iterator[tuple[RunningDemo, IO[bytes]]]:
    """Hold the folder's lock: one demo in one checkout."""
    demo.data.mkdir(parents=True, exist_ok=True)
    with demo.lock.open("ab") as lock:
        until = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                # An earlier demo may be on its way out, or a manage.py command may be looking.
                running = demo.read()
                if _alive(running.get("process")) or time.monotonic() > until:
                    where = f": {running['url']} (process {running['process']})" if running else ""
                    raise ServiceError(f"a demo already runs in this folder{where}") from None
                time.sleep(0.1)
        yield demo, lock


def _alive(process: object) -> bool:
    if not isinstance(process, int):
        return False
    with suppress(PermissionError):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
    return True


def _check_port(port: int) -> None:
    """Both addresses of `localhost`: a browser may try either."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise ServiceError(f"port {port} is taken by another program: choose another, such as --port {port % 65535 + 1}") from None
            if error.errno == errno.EACCES:
                raise ServiceError(f"you may not use port {port}: choose one above 1023, such as --port 8000") from None
            if family == socket.AF_INET:
                raise


def _reset(demo: RunningDemo) -> None:
    """Delete all but what is made from the code alone."""
    for path in demo.data.iterdir():
        if path.name in ("static", "static.stamp", demo.lock.name):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _run(demo: RunningDemo, lock: IO[bytes], options: argparse.Namespace) -> None:
    url = f"http://localhost:{options.port}"
    sample = demo.data / "sample.stamp"
    processes = Processes(demo.data, hold=lock.fileno())
    try:
        processes.stop_on_signals()
        with _timed("PostgreSQL and Redis"):
            environment = {**_settings(demo.data, url), **start_embedded(processes, demo.data)}
            demo.describe(url=url, environment=environment)
            processes.remove_at_end(demo.description)
        with _timed("Tables and static files"):
            _prepare(processes, demo.data, environment)
        with _timed("Web server and worker" if options.no_sample else "Web server, worker, sample data"):
            _start_site(processes, demo.data, environment, options.port)
            if not options.no_sample:
                _once(processes, sample, "load_sample", _sources("sample"), environment)
            processes.wait_until(lambda: _ready(options.port), READY_SECONDS, "the site to be ready")
        _welcome(url, demo.data, accounts=sample.exists())
        while True:
            processes.check()
            time.sleep(0.2)
    finally:
        processes.stop()


def _settings(data: Path, url: str) -> dict[str, str]:
    return {
        **os.environ,
        **_secrets(data / "secrets.json"),
        "DJANGO_SETTINGS_MODULE": "fieldlab.settings",
        "DEMO": "true",
        "SITE_URL": url,
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "HELP_PHONE": "020 000 01 23",
        "DEFAULT_FROM_EMAIL": "fieldlab@demo.example",
        "MAP_TILE_URL": "",
        "STATIC_ROOT": str(data / "static"),
        "MEDIA_ROOT": str(data / "media"),
    }


def _secrets(path: Path) -> dict[str, str]:
    """Made once for this folder: what is encrypted in its database must be readable the next time."""
    if not path.exists():
        keys = json.dumps({"demo": base64.b64encode(secrets.token_bytes(32)).decode()})
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump({"SECRET_KEY": secrets.token_urlsafe(50), "ENCRYPTION_KEYS": keys}, file)
        new.rename(path)
    return dict(json.loads(path.read_text()))


def _prepare(processes: Processes, data: Path, environment: dict[str, str]) -> None:
    stamp = data / "static.stamp"
    if not (data / "static" / "staticfiles.json").exists():
        stamp.unlink(missing_ok=True)
    processes.start("migrate", _manage("migrate"), environment=environment, cwd=BASE_DIR, task=True)
    _once(processes, stamp, "collectstatic", [*_sources("static"), BASE_DIR / "uv.lock"], environment, "--noinput", "--clear")
    processes.finish("migrate")


def _sources(name: str) -> list[Path]:
    """Our own files that are called so, or that lie in a folder that is."""
    rooms = [room for room in BASE_DIR.iterdir() if room.is_dir() and not room.name.startswith(".") and room.name != "tests"]
    files = [file for room in rooms for file in room.rglob("*") if file.is_file() and file.suffix != ".pyc"]
    return [file for file in files if file.stem.endswith(name) or name in file.relative_to(BASE_DIR).parts]


def _once(processes: Processes, stamp: Path, command: str, sources: list[Path], environment: dict[str, str], *options: str) -> None:
    """Run a command of manage.py when its sources are not those of the last time it succeeded."""
    digest = hashlib.sha256()
    for source in sorted(sources):
        digest.update(str(source.relative_to(BASE_DIR)).encode() + b"\0" + source.read_bytes() + b"\0")
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        processes.start(command, _manage(command, *options), environment=environment, cwd=BASE_DIR, task=True)
        processes.finish(command)
        stamp.write_text(digest.hexdigest())


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), *arguments]


def _start_site(processes: Processes, data: Path, environment: dict[str, str], port: int) -> None:
    environment = {name: value for name, value in environment.items() if name != "DATABASE_OWNER_URL"}
    web = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(min(2, os.cpu_count() or 1))]
    web += ["--blocking-threads", str(WEB_THREADS), "--respawn-failed-workers", "--workers-kill-timeout", "1", "fieldlab.wsgi:application"]
    pool = {"DATABASE_POOL_SIZE": str(WEB_THREADS), "DATABASE_APPLICATION_NAME": "fieldlab-web"}
    processes.start("web", [sys.executable, "-m", *web], environment=environment | pool, cwd=BASE_DIR)
    worker = ["celery", "-A", "fieldlab", "worker", "--beat", "--schedule", str(data / "beat"), "--concurrency", "2"]
    worker += ["--without-gossip", "--without-mingle"]  # there is no other worker to talk to
    name = {"DATABASE_APPLICATION_NAME": "fieldlab-worker"}
    processes.start("worker", [sys.executable, "-m", *worker], environment=environment | name, cwd=BASE_DIR)


def _ready(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection, suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    return False


def _welcome(url: str, data: Path, *, accounts: bool) -> None:
    _say(f"\n  {url}\n")
    if accounts:
        _say(f"  Accounts, all with the password {PASSWORD}:\n")
        for name, sees in ACCOUNTS.items():
            _say(f"    {name + '@demo.example':<27}{sees}")
        _say(f"\n  A card on paper: {url}/mijn-gegevens/code/ with {CARD[0]} and {CARD[1]}\n")
    _say(f"  Mail and text messages: {url}/demo/postvak/")
    _say(f"  Ctrl-C stops everything; data and logs stay in {data} (--reset starts afresh).\n")


@contextmanager
def _timed(what: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    _say(f"  {what:<36}{time.monotonic() - started:5.1f} s")


def _say(text: str) -> None:
    """Print. Raises Stopped when nobody reads it any more: the terminal or the pipe was closed."""
    try:
        print(text, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python would try once more at its end
        raise Stopped from error


def _one_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return str(error).partition("\n")[0]
