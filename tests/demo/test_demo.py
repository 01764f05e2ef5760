"""`manage.py demo` as a whole: it starts, it ends in every way, and what cannot start says so in one line."""

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from fieldlab import demo
from fieldlab.accounts import sample
from fieldlab.lib.services import RunningDemo
from tests.demo.observing import all_gone, family, living
from tests.servers.worker import until

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("services")]
DEMO = [sys.executable, str(Path(__file__).parents[2] / "manage.py"), "demo"]


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def status(port, path):
    with closing(http.client.HTTPConnection("localhost", port, timeout=10)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status


@contextmanager
def running(data, port, *options, parent=False):
    """A demo that has said that it is ready; with `parent`, below a process that stands for `uv run`."""
    before = ["/bin/sh", "-c", '"$@"; true', "sh"] if parent else []
    command = [*before, *DEMO, "--data", str(data), "--port", str(port), "--no-sample", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/")
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                break
        assert process.poll() is None, "".join(said)
        assert f"http://localhost:{port}\n" in "".join(said)
        yield process
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def refusal(*options, **environment):
    """What a demo that cannot start says: one line."""
    command = [*DEMO, *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, timeout=60)
    assert done.returncode == 1, done
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_it_starts_keeps_its_data_starts_afresh_and_leaves_nothing(tmp_path):
    data, port = tmp_path / "the data", free_port()
    here = RunningDemo(data)
    with running(data, port, parent=True) as parent:
        assert status(port, "/readyz") == 200
        environment = here.read()["environment"]
        assert environment["DATABASE_URL"] != os.environ["DATABASE_URL"]
        with closing(psycopg.connect(environment["DATABASE_OWNER_URL"], autocommit=True)) as owner:
            owner.execute("CREATE TABLE kept (a int)")
        everybody = family(parent.pid)
        assert len(everybody) > 12
        parent.kill()
        all_gone(everybody, 15)
    until(lambda: not here.description.exists(), 15)
    kept = (data / "secrets.json").read_text()

    with running(data, port) as process:
        environment = here.read()["environment"]
        with closing(psycopg.connect(environment["DATABASE_OWNER_URL"])) as owner:
            assert owner.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        assert (data / "secrets.json").read_text() == kept
        assert (data / "secrets.json").stat().st_mode & 0o777 == 0o600
        everybody = family(process.pid)
        process.send_signal(signal.SIGHUP)
        assert process.wait(30) == 0
        assert living(everybody) == set()
    assert not here.description.exists()

    with running(data, port, "--reset") as process:
        environment = here.read()["environment"]
        with closing(psycopg.connect(environment["DATABASE_OWNER_URL"])) as owner:
            assert owner.execute("SELECT to_regclass('kept')").fetchone() == (None,)
        assert (data / "secrets.json").read_text() != kept
        everybody = family(process.pid)
        # The web server's main process alone: its workers must not go on, and the demo says what happened.
        web = map(int, _pids_of("granian", everybody))
        os.kill(min(web), signal.SIGKILL)
        assert process.wait(30) == 1
        assert "fieldlab demo: web was ended by signal 9." in process.stdout.read()
        assert living(everybody) == set()


def _pids_of(word, processes):
    rows = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout.splitlines()
    ours = {pid for pid, _ in processes}
    return [pid for pid, line in (row.split(None, 1) for row in rows) if word in line and int(pid) in ours]


def test_the_accounts_it_prints_are_those_of_the_sample_data():
    assert list(demo.ACCOUNTS) == [person.account for person in sample.PEOPLE]
    assert demo.PASSWORD == sample.PASSWORD
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    assert [name for name, sees in demo.ACCOUNTS.items() if f"| `{name}@demo.example` | {sees} |" not in readme] == []


def test_a_taken_port(tmp_path):
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"port {port} is taken" in refusal("--port", port, "--data", tmp_path)


def test_a_second_copy(tmp_path):
    here = RunningDemo(tmp_path)
    here.describe(url="http://localhost:8000", environment={})
    with here.lock.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert f"a demo already runs in this folder: http://localhost:8000 (process {os.getpid()})" in refusal("--data", tmp_path)


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    assert "Not a directory" in refusal("--data", tmp_path / "file" / "data")
    assert "/proc/data" in refusal("--data", "/proc/data")


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="only root may make a small disk")
def test_a_full_disk(tmp_path):
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=9m", "tmpfs", str(tmp_path)], capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        assert "the disk is nearly full" in refusal("--data", tmp_path, "--port", free_port())
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)
