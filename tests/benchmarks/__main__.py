"""`uv run python -m tests.benchmarks NAME` measures on a fresh database and prints each figure beside its floor.

A benchmark is a module here with `run() -> Iterable[Figure]`; it uses `measure`, which interleaves what it compares, so that the
machine's mood falls on both alike. The ratio is the result; the times are this machine's, today.
"""

import importlib
import os
import sys
from pathlib import Path

from tests import services

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in HERE.glob("[a-z]*.py") if path.stem != "measure")


def main(names: list[str]) -> int:
    if not names or not set(names) <= set(NAMES):
        print(f"usage: python -m tests.benchmarks NAME…\nNAME is one of: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    services.provide()
    import django  # the services have set what Django reads

    django.setup()
    from tests.benchmarks.measure import show
    from tests.database import drop_template, test_database

    run = os.environ["FIELDLAB_TEST_RUN"]
    try:
        for name in names:
            with test_database(run, f"benchmark_{name}"):
                show(name, importlib.import_module(f"tests.benchmarks.{name}").run())
    finally:
        drop_template(run)
        services.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
