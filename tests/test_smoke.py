import pytest
from django.db import connection

from fieldlab.accounts.models import User
from fieldlab.lib.database import app_role_faults


@pytest.mark.django_db
def test_the_app_role_is_bound_by_row_level_security():
    User.objects.create_user("a@demo.example", "pw")
    assert app_role_faults() == []


@pytest.mark.django_db(transaction=True)
def test_flush_runs_as_owner():
    User.objects.create_user("a@demo.example", "pw")
    assert connection.settings_dict["USER"] == "fieldlab_app"
