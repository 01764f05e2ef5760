"""The supervisor of PostgreSQL and Redis: both work, and nothing outlives its starter."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from fieldlab.lib.services import Processes, ServiceError, start_embedded
from tests import services
from tests.demo.observing import all_gone, family, living
from tests.servers.worker import until

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("services")]
STARTING = Path(__file__).with_name("starting.py")


@contextmanager
def started(folder, *before):
    """The services under a starter of their own; gives the starter, the addresses and every process below the starter."""
    starter = subprocess.Popen([*before, sys.executable, str(STARTING), str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        addresses = json.loads(starter.stdout.readline())
        yield starter, addresses, family(starter.pid)
    finally:
        starter.kill()
        starter.stdout.close()
        starter.wait()


@pytest.fixture
def processes(tmp_path):
    processes = Processes(tmp_path)
    yield processes
    processes.stop()


def query(url, sql):
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        result = connection.execute(sql)
        return result.fetchone() if result.description else None


def test_roles_database_and_redis_are_as_the_house_needs_them(processes, tmp_path):
    before = {folder: stat.S_IMODE(folder.stat().st_mode) for folder in [tmp_path, *tmp_path.parents]}
    deep = tmp_path / "a folder with spaces and an é" / ("x" * 100)  # longer than the path of a socket may be
    addresses = start_embedded(processes, deep)
    rights = "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert query(addresses["DATABASE_OWNER_URL"], rights) == (False, False, True)
    assert query(addresses["DATABASE_URL"], rights) == (False, False, False)
    owner = "SELECT pg_get_userbyid(datdba), lower('É'), current_setting('fsync') FROM pg_database WHERE datname = current_database()"
    assert query(addresses["DATABASE_URL"], owner) == ("fieldlab_owner", "é", "on")
    with closing(psycopg.connect(addresses["DATABASE_OWNER_URL"])) as connection:
        for extension in ("btree_gist", "pg_trgm", "unaccent"):
            connection.execute(f"CREATE EXTENSION {extension}")
    with redis.Redis.from_url(addresses["REDIS_URL"].replace("db=0", "db=40")) as client:
        assert client.ping()
        assert client.config_get("appendonly") == {"appendonly": "yes"}
    assert {folder: stat.S_IMODE(folder.stat().st_mode) for folder in before} == before


def test_a_second_start_finds_what_the_first_one_kept(tmp_path):
    for expected in (None, "kept"):
        processes = Processes(tmp_path)
        try:
            addresses = start_embedded(processes, tmp_path)
            with redis.Redis.from_url(addresses["REDIS_URL"], decode_responses=True) as client:
                assert client.get("a") == expected
                client.set("a", "kept")
            if expected:
                assert query(addresses["DATABASE_OWNER_URL"], "SELECT a FROM kept") == (expected,)
            else:
                query(addresses["DATABASE_OWNER_URL"], "CREATE TABLE kept AS SELECT 'kept' AS a")
        finally:
            processes.stop()
        assert not processes.folder.exists()


def test_a_number_left_in_postmaster_pid_that_is_another_program_now_is_no_hindrance(tmp_path):
    for _ in range(2):
        processes = Processes(tmp_path)
        try:
            assert query(start_embedded(processes, tmp_path, durable=False)["DATABASE_URL"], "SELECT 1") == (1,)
        finally:
            processes.stop()
        (tmp_path / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n0\n5432\n\n\n0 0\nready\n")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_nothing_outlives_its_starter(tmp_path, number):
    with started(tmp_path) as (starter, addresses, everybody):
        assert len(everybody) > 5
        with closing(psycopg.connect(addresses["DATABASE_URL"])):  # nor does a client hold it up
            starter.send_signal(number)
            all_gone(everybody)
    until(lambda: not socket_folder(addresses).exists(), 15)


def test_nothing_outlives_the_parent_of_its_starter(tmp_path):
    with started(tmp_path, "/bin/sh", "-c", '"$@"; true', "sh") as (shell, _, everybody):
        shell.kill()
        all_gone(everybody)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_nothing_outlives_a_starter_that_is_killed_together_with_the_keeper(tmp_path):
    with started(tmp_path) as (starter, addresses, everybody):
        command_lines = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid, _ in everybody}
        (keeper,) = [pid for pid, line in command_lines.items() if b"keeper.py" in line]
        os.kill(keeper, signal.SIGKILL)
        starter.kill()
        all_gone(everybody)
    shutil.rmtree(socket_folder(addresses))  # there was nobody left to do it


def socket_folder(addresses):
    return Path(addresses["REDIS_URL"].removeprefix("unix://")).parent


def test_nothing_outlives_a_killed_test_run():
    code = "import sys, time; from tests import services; services.provide(); print(services._embedded.logs, flush=True); time.sleep(60)"
    environment = {name: value for name, value in os.environ.items() if name not in services.NAMES}
    root = Path(services.__file__).parents[1]
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment, cwd=root) as run:
        folder = Path(run.stdout.readline().strip())
        everybody = family(run.pid)
        assert len(everybody) > 5
        run.kill()
        all_gone(everybody)
    until(lambda: not folder.exists(), 15)


def test_a_killed_child_is_reported_and_its_own_children_go_too(processes):
    child = processes.start("web", ["/bin/sh", "-c", "echo it began; sleep 300 & sleep 300"])
    until(lambda: len(family(child.pid)) == 3, 15)
    everybody = family(child.pid)
    child.kill()
    with pytest.raises(ServiceError, match=r"web was ended by signal 9. it began \("):
        processes.wait_until(lambda: False, 5, "nothing")
    assert len(living(everybody)) == 2
    processes.stop()
    all_gone(everybody)


def test_a_task_may_end_but_not_fail(processes):
    processes.start("good", ["/bin/sh", "-c", "exit 0"], task=True)
    processes.finish("good")
    processes.start("bad", ["/bin/sh", "-c", "echo No space left on device; exit 3"], task=True)
    with pytest.raises(ServiceError, match=r"^bad ended with code 3. No space left on device \(.*bad.log\)$"):
        processes.finish("bad")
