import pytest
from django.core.management import call_command
from django.db import connection

from fieldlab.accounts.models import User
from fieldlab.lib.database import app_role_faults


@pytest.mark.django_db
def test_the_app_role_is_bound_by_row_level_security():
    assert app_role_faults() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"), [("statement_timeout", "30s"), ("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "1min")]
)
def test_no_session_waits_or_works_without_end(name, value):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        assert cursor.fetchone() == (value,)


@pytest.mark.django_db(transaction=True)
def test_flush_runs_as_the_owner_and_gives_the_app_its_role_back():
    User.objects.create_user("a@demo.example", "pw")
    role = connection.settings_dict["USER"]
    call_command("flush", interactive=False, verbosity=0)
    assert User.objects.count() == 0
    assert connection.settings_dict["USER"] == role
    assert app_role_faults() == []
