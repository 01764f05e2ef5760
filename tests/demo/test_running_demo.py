"""manage.py commands find the demo that runs in their checkout."""

import fcntl
import os
import stat
import subprocess
import sys

import pytest

from fieldlab.lib.services import RunningDemo, use_running_demo
from fieldlab.lib.services.running import BASE_DIR, SERVICES

THEIRS = {"DATABASE_URL": "postgres://demo", "DATABASE_OWNER_URL": "postgres://owner", "REDIS_URL": "unix:///r", "HELP_PHONE": "1"}


@pytest.fixture
def demo(tmp_path, monkeypatch):
    """A described demo, and an environment without settings."""
    for name in THEIRS:
        monkeypatch.setenv(name, "")  # so that monkeypatch puts back what was there
        monkeypatch.delenv(name)
    demo = RunningDemo(tmp_path)
    demo.describe(url="http://localhost:1", environment=THEIRS)
    demo.lock.touch()
    return demo


@pytest.fixture
def runs(demo):
    with demo.lock.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def used():
    return {name: os.environ[name] for name in THEIRS if name in os.environ}


def test_a_running_demo_is_used(demo, runs):
    use_running_demo(demo.data)
    assert used() == THEIRS
    assert stat.S_IMODE(demo.description.stat().st_mode) == 0o600


def test_a_demo_that_was_killed_is_not_used(demo):
    use_running_demo(demo.data)
    assert used() == {}


def test_a_running_demo_without_a_description_is_not_used(demo, runs):
    demo.description.write_text("{")
    use_running_demo(demo.data)
    assert used() == {}


def test_what_is_set_wins(demo, runs, monkeypatch):
    monkeypatch.setenv("HELP_PHONE", "2")
    use_running_demo(demo.data)
    assert used() == THEIRS | {"HELP_PHONE": "2"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_named_service_keeps_the_demo_out(demo, runs, monkeypatch, name):
    monkeypatch.setenv(name, "mine")
    use_running_demo(demo.data)
    assert used() == {name: "mine"}


def test_without_settings_one_line_names_what_is_missing():
    environment = {"PATH": os.environ["PATH"], "REDIS_URL": "redis://localhost:1/0"}  # which keeps a demo in this checkout out
    command = [sys.executable, str(BASE_DIR / "manage.py"), "check"]
    done = subprocess.run(command, env=environment, cwd=BASE_DIR, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "SECRET_KEY" in done.stderr
    assert "REDIS_URL" not in done.stderr


def test_a_setting_that_cannot_be_read_is_named_in_one_line():
    command = [sys.executable, str(BASE_DIR / "manage.py"), "check"]
    done = subprocess.run(command, env=os.environ | {"ENCRYPTION_KEYS": "{"}, cwd=BASE_DIR, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "ENCRYPTION_KEYS" in done.stderr
