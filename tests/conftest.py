import os

from tests import services

services.provide()
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
os.environ["REDIS_URL"] = services.redis_url(int(_worker.removeprefix("gw")))

pytest_plugins = ["tests.e2e.chromium"]

import django
import pytest

django.setup()
# A worker of xdist inherits the environment: by this name it would read its settings before it has a Redis database of its own.
del os.environ["DJANGO_SETTINGS_MODULE"]

from django.core.cache import cache
from django.test import TransactionTestCase

from fieldlab.areas import pdok
from tests.database import drop_template, empty, test_database

TransactionTestCase._fixture_teardown = lambda _test: empty()


@pytest.fixture(autouse=True)
def nothing_remembered():
    """No test counts on with another's attempts, or waits because the address service failed another."""
    cache.clear()
    pdok.forget_failure()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """A copy of one migrated template, made as the owner; the tests run as the app's role."""
    with django_db_blocker.unblock(), test_database(os.environ["FIELDLAB_TEST_RUN"], _worker):
        yield


def pytest_unconfigure(config):
    """The last thing of a run, after its workers have ended: leave nothing behind."""
    if not hasattr(config, "workerinput"):
        try:
            drop_template(os.environ["FIELDLAB_TEST_RUN"])
        finally:
            services.stop()
