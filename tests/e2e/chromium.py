"""Where the browser is, and what happens to its tests where there is none."""

import os
import shutil
from pathlib import Path

import pytest

# The first has no window to draw, and needs a third less of the processor
NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
PATH = next(filter(None, map(shutil.which, NAMES)), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
MISSING = "No Chromium was found, so the browser tests were skipped. On Debian: apt install chromium-headless-shell"
HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """One worker runs all browser tests with one Chromium; where there is none they skip, in CI they fail."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("browser"))
            if not PATH and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason=MISSING))


def pytest_terminal_summary(terminalreporter):
    if any(MISSING in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(MISSING)
