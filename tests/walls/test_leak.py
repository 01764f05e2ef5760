"""Many people at once over few pooled connections: nobody may see another's participants, nor anybody without a context."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.test import Client, RequestFactory, override_settings

from tests.factories.accounts import UserFactory
from tests.factories.participants import make_participant, make_professional

THREADS, CONNECTIONS, REQUESTS = 8, 4, 800


@contextmanager
def pool_of(size):
    options = settings.DATABASES["default"]["OPTIONS"]
    connection.close()
    options["pool"] = {"min_size": size, "max_size": size, "timeout": 10}
    try:
        yield
    finally:
        connection.close()
        connection.close_pool()
        del options["pool"]


def sign_in(user):
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def leaked_over(path):
    """How many of the answers held a participant that its reader may not see, or missed one that they may."""
    professionals = [make_professional() for _ in range(5)]
    may_see = {sign_in(user): {make_participant(user).code for _ in range(3)} for user in professionals}
    may_see[sign_in(UserFactory(decides=True))] = set()
    application = get_wsgi_application()
    randomly = random.Random(20_261_208)
    asked = [(randomly.choice(list(may_see)), randomly.random() < 0.1) for _ in range(REQUESTS)]

    def ask(request):
        session, forget = request
        environ = RequestFactory().get(path, {"forget": 1} if forget else {}).environ
        environ["HTTP_COOKIE"] = f"{settings.SESSION_COOKIE_NAME}={session}"
        response = application(environ, lambda *_answer: None)
        seen = set(json.loads(response.content)["codes"])
        response.close()  # gives the connection back to the pool, as a server does
        return seen != (set() if forget else may_see[session])

    with pool_of(CONNECTIONS), ThreadPoolExecutor(THREADS, initializer=connections.close_all) as threads:
        leaks = sum(threads.map(ask, asked))
        pool = connection.pool.get_stats()
    assert pool["connections_num"] <= CONNECTIONS < THREADS
    assert pool["requests_num"] >= REQUESTS
    return leaks


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF="tests.walls.urls")
def test_nothing_leaks_between_requests():
    assert leaked_over("/walled/") == 0


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF="tests.walls.urls")
def test_control_a_context_set_per_session_leaks_so_the_test_above_would_see_it():
    assert leaked_over("/leaking/") > 0
