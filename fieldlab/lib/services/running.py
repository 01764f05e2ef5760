"""The demo that runs in this checkout, as other processes see it: a held lock and a file with its environment."""

import fcntl
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[3]
SERVICES = ("DATABASE_OWNER_URL", "DATABASE_URL", "REDIS_URL")


@dataclass(frozen=True)
class RunningDemo:
    """`data` is its folder, `.data/` in the checkout."""

    data: Path

    @property
    def lock(self) -> Path:
        return self.data / "demo.lock"

    @property
    def description(self) -> Path:
        """JSON with `url`, `process` and `environment`; written when the services run, readable by its owner only."""
        return self.data / "demo.json"

    def runs(self) -> bool:
        with suppress(OSError), self.lock.open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def describe(self, *, url: str, environment: dict[str, str]) -> None:
        self.description.unlink(missing_ok=True)
        description = {"url": url, "process": os.getpid(), "environment": environment}
        with os.fdopen(os.open(self.description, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(description, file)

    def read(self) -> dict[str, object]:
        """The description; empty when there is none for us to read."""
        with suppress(OSError, ValueError):
            return dict(json.loads(self.description.read_text()))
        return {}


def use_running_demo(data: Path = BASE_DIR / ".data") -> None:
    """While a demo runs in this checkout, use its database and Redis. What is set in the environment wins.

    A database or Redis that is named there keeps the demo out altogether: half of each would mix two worlds.
    """
    demo = RunningDemo(data)
    if any(os.environ.get(name) for name in SERVICES) or not demo.runs():
        return
    environment = demo.read().get("environment")
    if isinstance(environment, dict):
        for name, value in environment.items():
            os.environ.setdefault(name, value)
