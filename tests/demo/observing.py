"""Looking at processes from outside."""

import signal
import subprocess

from tests.servers.worker import until

# Tests that were started with nohup do not hear this signal, and what they start would not either
signal.signal(signal.SIGHUP, signal.SIG_DFL)


def _table() -> dict[int, tuple[int, str]]:
    """Every living process: its parent and the second it began. Zombies have ended."""
    rows = subprocess.run(["ps", "-eo", "pid=,ppid=,stat=,lstart="], capture_output=True, text=True, check=True).stdout.splitlines()
    columns = [row.split(None, 3) for row in rows]
    return {int(pid): (int(parent), began) for pid, parent, state, began in columns if not state.startswith("Z")}


def family(ancestor: int) -> set[tuple[int, str]]:
    """The process and everything below it, each with the second it began (numbers are used again)."""
    table = _table()
    found = {ancestor} & table.keys()
    while more := {pid for pid, (parent, _) in table.items() if parent in found} - found:
        found |= more
    return {(pid, table[pid][1]) for pid in found}


def living(processes: set[tuple[int, str]]) -> set[int]:
    table = _table()
    return {pid for pid, began in processes if pid in table and table[pid][1] == began}


def all_gone(processes: set[tuple[int, str]], seconds: float = 10) -> None:
    until(lambda: not living(processes), seconds, "all processes to end")
