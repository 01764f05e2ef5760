"""Becomes another program that ends with its starter. Run as a script: `launch.py SETTINGS PROGRAM ARGUMENT…`.

SETTINGS is a JSON object: `starter` (process id), `signal` (which one to get when the starter dies), and, to drop root, `user`
[uid, gid] and `folder` (opened while still root, then reached as FOLDER, because that user may not enter the folders above it).
"""

import ctypes  # now, as whoever root becomes may not be able to read it
import json
import os
import signal
import sys

FOLDER_DESCRIPTOR = 9
FOLDER = f"/proc/self/fd/{FOLDER_DESCRIPTOR}"
PR_SET_PDEATHSIG = 1


def main(settings: dict[str, object], program: list[str]) -> None:
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # what is ignored here would be ignored there
    if folder := settings.get("folder"):
        os.dup2(os.open(str(folder), os.O_RDONLY | os.O_DIRECTORY), FOLDER_DESCRIPTOR, inheritable=True)
    if isinstance(user := settings.get("user"), list):
        os.chdir("/")
        os.setgroups([])
        os.setgid(user[1])
        os.setuid(user[0])
    if sys.platform == "linux":
        # After dropping root, which clears it. The kernel keeps it across exec.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, settings["signal"])
    if os.getppid() != settings["starter"]:
        sys.exit("the starter has gone")
    os.execv(program[0], program)  # noqa: S606 (no shell is what we want)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])
