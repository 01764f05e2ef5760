"""Child processes that all end when this process ends, also by `kill -9`.

Three belts: `stop()` in the ordinary case; the keeper, a process of its own that sees our end and ends every child's process
group; and on Linux the kernel's parent-death signal to each child, should the keeper be killed together with us.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

HERE = Path(__file__).parent
PYTHON = [sys.executable, "-I", "-S"]


class ServiceError(Exception):
    """Something we need does not run; the message is one line for people."""


class Stopped(Exception):  # noqa: N818 (no fault: somebody asked for it)
    """A signal asked us to stop, or our own parent has gone."""


class Processes:
    """Start them from the main thread only: the kernel ties the parent-death signal to the thread that forked.

    `folder` is a short-lived folder with a short path, for sockets (107 bytes at most); it goes with the processes.
    """

    def __init__(self, logs: Path, *, hold: int | None = None) -> None:
        """`logs`: the folder for each child's log. `hold`: a descriptor to keep open until the last child has ended (a lock)."""
        self.logs = logs
        self._parent = os.getppid()
        self._stop_asked = False
        self._in_peace = True
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._tasks: set[str] = set()  # the children that are meant to end
        self._keeper = subprocess.Popen(  # noqa: S603
            [*PYTHON, str(HERE / "keeper.py"), str(logs)],  # the folder is there to be seen in a list of processes
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=() if hold is None else (hold,),
            cwd="/",
        )
        base = "/tmp" if os.access("/tmp", os.W_OK | os.X_OK) else None  # noqa: S108 (mkdtemp makes a new, private folder)
        self.folder = Path(tempfile.mkdtemp(prefix="fieldlab-", dir=base))
        self.remove_at_end(self.folder)

    def stop_on_signals(self) -> None:
        """Let Ctrl-C, TERM, HUP and QUIT end the next wait with Stopped."""

        def ask(number: int, frame: FrameType | None) -> None:
            self._stop_asked = True

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup means what it says
                signal.signal(number, ask)

    def remove_at_end(self, path: Path) -> None:
        self._tell("remove", str(path))

    def start(
        self,
        name: str,
        program: Sequence[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stop_signal: int = signal.SIGTERM,
        user: tuple[int, int] | None = None,
        folder: Path | None = None,
        ground: bool = False,
        task: bool = False,
    ) -> subprocess.Popen[bytes]:
        """Start `program` in a session of its own with its output in `name`.log; see launch.py for `user` and `folder`.

        What is `ground` ends after all the others. A `task` is meant to end, with code 0; when anything else ends, the next wait
        raises ServiceError.
        """
        settings = {"starter": os.getpid(), "signal": stop_signal, "user": user, "folder": folder and str(folder)}
        with self._log(name).open("ab") as log:
            child = subprocess.Popen(  # noqa: S603
                [*PYTHON, str(HERE / "launch.py"), json.dumps(settings), *map(str, program)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=None if environment is None else dict(environment),
                cwd=cwd,
                start_new_session=True,
            )
        self._tell("keep", child.pid, stop_signal, "ground" if ground else "front")
        self._children[name] = child
        if task:
            self._tasks.add(name)
        return child

    def finish(self, name: str, timeout: float = 300) -> None:
        """Wait for a task's end. Raises ServiceError with the last line it wrote when it fails."""
        self.wait_until(lambda: self._children[name].poll() is not None, timeout, f"{name} to end")
        self.check()
        self._forget(name)

    def wait_until(self, condition: Callable[[], bool], timeout: float, what: str) -> None:
        """Poll `condition`. Raises ServiceError after `timeout` seconds, and whatever check() raises."""
        until = time.monotonic() + timeout
        while not condition():
            self.check()
            if time.monotonic() > until:
                raise ServiceError(f"waited {timeout:.0f} seconds for {what}; the logs are in {self.logs}")
            time.sleep(0.03)

    def check(self) -> None:
        """Raises Stopped or ServiceError when we should not go on."""
        if os.getppid() != self._parent:
            self._in_peace = False
            raise Stopped
        if self._stop_asked:
            raise Stopped
        for name, child in self._children.items():
            if child.poll() is not None and not (name in self._tasks and child.returncode == 0):
                how = f"was ended by signal {-child.returncode}" if child.returncode < 0 else f"ended with code {child.returncode}"
                raise ServiceError(f"{name} {how}. {self.last_line(name)}")
        if self._keeper.poll() is not None:
            raise ServiceError("the process that guards the others was ended")

    def stop(self) -> None:
        """End every child, first those in front, and remove what was to be removed."""
        assert self._keeper.stdin is not None  # noqa: S101 (it was made with a pipe)
        with suppress(OSError, ValueError):  # the keeper was killed, or we were here before
            if self._in_peace:
                self._tell("stop")
            self._keeper.stdin.close()
        while self._keeper.poll() is None:
            for child in self._children.values():
                child.poll()  # a dead child that nobody has asked about still counts as there
            time.sleep(0.02)
        for name in list(self._children):
            self._forget(name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def last_line(self, name: str) -> str:
        """The line in a child's log that most likely says what went wrong, and where the log is."""
        path = self.logs / f"{name}.log"
        with suppress(OSError), path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 4000))
            lines = [line.strip() for line in log.read().decode(errors="replace").splitlines() if line.strip()]
            if lines:
                telling = [line for line in lines if re.search(r"FATAL|PANIC|(Error|Exception):", line)]
                return f"{(telling or lines)[-1][:300]} ({path})"
        return f"See {path}"

    def _log(self, name: str) -> Path:
        """The child's log; what an earlier run left is kept once, as `name`.log.1."""
        path = self.logs / f"{name}.log"
        if name not in self._children and path.exists():
            path.replace(path.with_suffix(".log.1"))
        return path

    def _forget(self, name: str) -> None:
        child = self._children.pop(name)
        self._tasks.discard(name)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)  # what the leader left behind
        child.wait()
        with suppress(OSError, ValueError):
            self._tell("forget", child.pid)

    def _tell(self, *message: str | int) -> None:
        assert self._keeper.stdin is not None  # noqa: S101 (it was made with a pipe)
        self._keeper.stdin.write(json.dumps(message).encode() + b"\n")
        self._keeper.stdin.flush()
