"""The query counter notices a page that asks once per row."""

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from fieldlab.accounts.models import User
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db


def once(request):
    return HttpResponse(str([user.name for user in User.objects.all()]))


def per_row(request):
    return HttpResponse(str([User.objects.get(pk=user.pk).name for user in User.objects.all()]))


urlpatterns = [path("once/", once), path("per-row/", per_row)]


@override_settings(ROOT_URLCONF=__name__)
def test_a_query_per_row_is_noticed():
    numbers = iter(range(100))

    def add_row():
        return User.objects.create_user(f"q{next(numbers)}@demo.example", name="q")

    client = signed_in(add_row())
    assert assert_constant_queries(client, "/once/", add_row) > 0
    with pytest.raises(AssertionError, match="queries at 1 row"):
        assert_constant_queries(client, "/per-row/", add_row)
