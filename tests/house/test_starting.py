"""What is missing or wrong is said in one line before anything serves; the container gets all that the code needs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import dj_database_url
import pytest
import yaml
from django.conf import settings
from django.db import connection

from tests.servers.worker import database_url

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
PROCESSES = {
    "manage.py": [sys.executable, "manage.py", "check"],
    "granian": [BIN / "granian", "--interface", "wsgi", "--port", "0", "--log-level", "critical", "fieldlab.wsgi:application"],
    "worker": [BIN / "celery", "-A", "fieldlab", "worker", "-c", "1"],
}


def start(command, **changes):
    """Exit code and output of a process that is not expected to stay."""
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", **changes}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("process", PROCESSES)
def test_a_missing_secret_is_named_in_one_line(process):
    code, output = start(PROCESSES[process], SECRET_KEY="", ENCRYPTION_KEYS="")
    assert code != 0
    assert "set SECRET_KEY, ENCRYPTION_KEYS in the environment" in output
    assert "Traceback" not in output


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("process", ["granian", "worker"])
@pytest.mark.parametrize("role", ["owner", "nobody"])
def test_refuses_a_role_that_no_wall_binds(process, role):
    name = connection.settings_dict["NAME"]
    owner = dj_database_url.parse(settings.DATABASE_OWNER_URL)
    url = re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", settings.DATABASE_OWNER_URL)
    assert owner["USER"] != connection.settings_dict["USER"]
    wanted = "owns the database or tables in it"
    if role == "nobody":
        url, wanted = "postgres://nobody:x@127.0.0.1:9/none", "does not answer (OperationalError)"
    code, output = start(PROCESSES[process], DATABASE_URL=url)
    assert code != 0
    assert wanted in output
    assert "Traceback" not in output


@pytest.mark.django_db(transaction=True)
def test_a_worker_knows_all_pages_before_its_first_visitor():
    asks = "import sys, fieldlab.wsgi; print('participants.views.booking' in sys.modules)"
    assert start([sys.executable, "-c", asks], DATABASE_URL=database_url()) == (0, "True\n")


def test_the_container_has_all_packages_and_compose_all_settings():
    docker, ignore = (ROOT / "Dockerfile").read_text(), (ROOT / ".dockerignore").read_text()
    for package in {app.split(".")[0] for app in settings.INSTALLED_APPS if (ROOT / app.split(".")[0]).is_dir()} | {
        "templates",
        "locale",
        "static",
    }:
        assert f"COPY {package} {package}" in docker
        assert f"!{package}\n" in ignore
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    for name in ("web", "worker", "beat", "migrate"):
        environment = compose["services"][name]["environment"]
        assert set(settings.REQUIRED) <= environment.keys()
        assert ("DATABASE_OWNER_URL" in environment) is (name == "migrate"), "only migrations run as the owner"
    for name in settings.REQUIRED:
        value = compose["services"]["web"]["environment"][name]
        assert ":?" in value, f"{name} must not start empty"
    assert all("healthcheck" in service for name, service in compose["services"].items() if name != "web")
    assert "HEALTHCHECK" in docker
    assert re.findall(r"^USER (\S+)", docker, re.MULTILINE) == ["10001"]
