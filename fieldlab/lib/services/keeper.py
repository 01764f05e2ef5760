"""Outlives its starter by a moment, to end what it started. Run as a script, told on standard input, one JSON list a line:

`["keep", process, signal, "front" or "ground"]`: a process that leads its own group; `["forget", process]`; `["remove", path]`;
`["stop"]`: in peace.

The end of the input is the starter's end, whether it stopped or was killed. Then the front goes, and when it has gone the ground
that it stood on: each process by its own signal, and its whole group by SIGKILL when that does not help in time.
"""

import json
import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

PATIENCE_SECONDS = 5.0
HASTE_SECONDS = 1.0  # whoever kills the starter wants an end to it


def reach(process: int, number: int, *, group: bool = False) -> bool:
    """Send a signal; whether there was somebody to get it. 0 only asks."""
    try:
        (os.killpg if group else os.kill)(process, number)
    except (ProcessLookupError, PermissionError):  # the latter is macOS's word for a group of zombies
        return False
    return True


def end(processes: dict[int, int], patience: float) -> None:
    for process, gentle in processes.items():
        reach(process, gentle)
    until = time.monotonic() + patience
    # A leader that has gone may have left its group behind, and nobody there has been asked.
    while time.monotonic() < until and any(reach(process, 0) for process in processes):
        time.sleep(0.02)
    for process in processes:
        reach(process, signal.SIGKILL, group=True)


def main() -> None:
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    front: dict[int, int] = {}
    ground: dict[int, int] = {}
    paths: list[Path] = []
    patience = HASTE_SECONDS
    for line in sys.stdin:
        match json.loads(line):
            case ["keep", int(process), int(gentle), str(level)]:
                (front if level == "front" else ground)[process] = gentle
            case ["forget", int(process)]:
                front.pop(process, None)
                ground.pop(process, None)
            case ["remove", str(path)]:
                paths.append(Path(path))
            case ["stop"]:
                patience = PATIENCE_SECONDS
    end(front, patience)
    end(ground, patience)
    for left in paths:
        with suppress(OSError):
            shutil.rmtree(left) if left.is_dir() else left.unlink()


if __name__ == "__main__":
    main()
