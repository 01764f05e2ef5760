import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import RequestFactory

from fieldlab.accounts.models import User
from fieldlab.audit.context import LinkActor, SystemActor, UserActor, as_platform, current_actor, person_context, person_page, rendered
from fieldlab.lib.errors import DomainError
from participants.models import Participant
from tests.factories.accounts import UserFactory
from tests.factories.participants import make_participant, make_professional


def database_knows():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting(name, true) FROM unnest(%s::text[]) WITH ORDINALITY AS asked(name, place) ORDER BY place",
            [["app.actor_kind", "app.user_id", "app.link_id"]],
        )
        return tuple(value or "" for (value,) in cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_the_actor_is_known_inside_and_forgotten_after():
    user, link = UserFactory(), LinkActor(uuid.uuid4(), "sign_up")
    assert database_knows() == ("", "", "")
    with person_context(UserActor(user)):
        assert database_knows() == ("user", str(user.pk), "")
        assert current_actor() == UserActor(user)
    assert database_knows() == ("", "", "")
    with person_context(link):
        assert database_knows() == ("link", "", str(link.participant_id))
    with pytest.raises(RuntimeError):
        current_actor()


@pytest.mark.django_db(transaction=True)
def test_a_context_in_a_context_gives_the_outer_actor_back():
    user = UserFactory()
    with person_context(UserActor(user)):
        with person_context(SystemActor("a test")):
            assert database_knows() == ("system", "", "")
        assert database_knows() == ("user", str(user.pk), "")
        with pytest.raises(DomainError), person_context(SystemActor("a test")):
            raise DomainError("no")
        assert database_knows() == ("user", str(user.pk), "")
        with pytest.raises(IntegrityError), person_context(SystemActor("a test")):
            UserFactory(email=user.email)
        assert database_knows() == ("user", str(user.pk), "")
        assert current_actor() == UserActor(user)


def change_and_fail():
    UserFactory(email="gone@demo.example")
    raise DomainError("no")


@pytest.mark.django_db(transaction=True)
def test_the_platform_goes_on_in_the_same_transaction(django_assert_num_queries):
    user = UserFactory()
    with person_context(UserActor(user)):
        with django_assert_num_queries(2), as_platform("a test"), as_platform("another"):
            pass
        with as_platform("a test"):
            assert database_knows() == ("system", "", "")
        assert database_knows() == ("user", str(user.pk), "")
        with pytest.raises(DomainError), transaction.atomic(), as_platform("a test"):
            change_and_fail()
        assert database_knows() == ("user", str(user.pk), "")
        assert not User.objects.filter(email="gone@demo.example").exists()


@pytest.mark.django_db(transaction=True)
def test_after_an_error_as_the_platform_nobody_goes_on_as_the_platform():
    """Whoever catches it without a savepoint around it: no query goes through, instead of one that sees everybody."""
    with pytest.raises(transaction.TransactionManagementError), person_context(UserActor(UserFactory())):  # noqa: PT012
        with pytest.raises(DomainError), as_platform("a test"):
            change_and_fail()
        Participant.objects.count()


@pytest.mark.django_db(transaction=True)
def test_it_opens_the_transaction_itself():
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), person_context(SystemActor("a test")):
        pass
    with pytest.raises(DomainError), person_context(SystemActor("a test")):
        change_and_fail()
    assert not User.objects.filter(email="gone@demo.example").exists()
    with person_context(SystemActor("a test")):
        assert connection.in_atomic_block
    assert not connection.in_atomic_block


@pytest.mark.django_db
def test_it_leaves_nothing_behind_in_a_test_case_either():
    with person_context(SystemActor("a test")):
        pass
    assert database_knows() == ("", "", "")


@pytest.mark.parametrize("actor", [UserActor(AnonymousUser()), SystemActor(" ")])
def test_nobody_in_particular_is_no_actor(actor):
    with pytest.raises(ValueError), person_context(actor):
        pass


@pytest.mark.django_db(transaction=True)
def test_it_costs_one_round_trip_more_than_a_transaction(django_assert_num_queries):
    user = UserFactory()
    with django_assert_num_queries(3) as queries, person_context(UserActor(user)):
        pass
    assert [query["sql"].split()[0] for query in queries] == ["BEGIN", "SELECT", "COMMIT"]


LIST = engines["django"].from_string("{% for participant in participants %}{{ participant }} {% endfor %}")


def lazy_page(request):
    return TemplateResponse(request, LIST, {"participants": Participant.objects.all()})


@pytest.mark.django_db(transaction=True)
def test_a_page_is_rendered_while_its_context_holds():
    professional = make_professional()
    participant = make_participant(professional)
    request = RequestFactory().get("/")
    request.user = professional
    assert participant.code in person_page(reason="a test")(lazy_page)(request).content.decode()
    assert lazy_page(request).render().content.decode() == ""


@pytest.mark.django_db(transaction=True)
def test_a_page_cannot_stream():
    request = RequestFactory().get("/")
    request.user = make_professional()
    with pytest.raises(RuntimeError, match="stream"):
        person_page(reason="a test")(lambda _request: StreamingHttpResponse(str(row) for row in Participant.objects.all()))(request)
    answer = rendered(HttpResponse("x"))
    assert (answer.content, "no-store" in answer["Cache-Control"]) == (b"x", True)
