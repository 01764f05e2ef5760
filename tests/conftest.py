import os

from tests import services

services.provide()
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
os.environ["REDIS_URL"] = services.redis_url(int(_worker.removeprefix("gw")))

import django
import pytest

django.setup()

from tests.database import test_database


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """A copy of one migrated template, made as the owner; the tests run as the app's role."""
    with django_db_blocker.unblock(), test_database(os.environ["FIELDLAB_TEST_RUN"], _worker):
        yield
