"""A starter of its own for the embedded services, to be killed: `python starting.py FOLDER` prints their addresses as JSON."""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from fieldlab.lib.services import Processes, Stopped, start_embedded


def main(folder: Path) -> None:
    processes = Processes(folder)
    try:
        processes.stop_on_signals()
        print(json.dumps(start_embedded(processes, folder, durable=False)), flush=True)
        while True:
            processes.check()
            time.sleep(0.05)
    except Stopped:
        pass
    finally:
        processes.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
