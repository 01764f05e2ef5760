"""Employer and benefits flag are walls: they change with a record, by somebody else, or not at all."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from fieldlab.accounts.actions import change_employment
from fieldlab.accounts.invitations.actions import invite
from fieldlab.accounts.models import CoordinatorInvitation, EmploymentChange, User, UserEvent
from fieldlab.lib.errors import DomainError
from tests.factories.accounts import UserFactory
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db


def change(actor, user, **fields):
    values = {"employer": "Elders", "decides_on_benefits": False, "reason": "Nieuwe baan", **fields}
    return change_employment(actor=actor, user=user, at=timezone.now(), **values)


def test_a_coordinator_changes_it_with_a_record():
    coordinator, user = UserFactory(coordinator=True), UserFactory(decides=True)
    change(coordinator, user)
    user.refresh_from_db()
    assert (user.employer, user.decides_on_benefits) == ("Elders", False)
    record = user.employment_changes.get()
    assert (record.actor, record.decides_before, record.decides_on_benefits, record.reason) == (coordinator, True, False, "Nieuwe baan")
    assert not UserEvent.objects.filter(pgh_obj=user).latest("pgh_id").decides_on_benefits


def test_nothing_changed_writes_no_record():
    user = UserFactory(employer="Elders")
    assert change(UserFactory(coordinator=True), user) is None
    assert not user.employment_changes.exists()


@pytest.mark.parametrize("who", ["self", "other"])
def test_nobody_else_may(who):
    user = UserFactory(coordinator=True, decides_on_benefits=True)
    with pytest.raises(DomainError):
        change(user if who == "self" else UserFactory(), user)
    user.refresh_from_db()
    assert user.decides_on_benefits


@pytest.mark.parametrize("values", [{"decides_on_benefits": False}, {"employer": "Elders"}])
@pytest.mark.parametrize("way", ["save", "update", "sql"])
def test_the_database_refuses_a_change_without_a_record(values, way):
    user = UserFactory(decides=True)
    name, value = next(iter(values.items()))
    setattr(user, name, value)
    ways = {
        "save": user.save,
        "update": lambda: User.objects.filter(pk=user.pk).update(**values),
        "sql": lambda: connection.cursor().execute(f"UPDATE accounts_user SET {name} = %s WHERE id = %s", [value, user.pk]),
    }
    with pytest.raises(IntegrityError, match="only with a record"), transaction.atomic():
        ways[way]()


def test_an_old_record_does_not_allow_a_new_change():
    coordinator, user = UserFactory(coordinator=True), UserFactory(decides=True)
    change(coordinator, user, employer=user.employer)
    change(coordinator, user, employer=user.employer, decides_on_benefits=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(decides_on_benefits=False)


@pytest.mark.parametrize("actor", ["self", "nobody"])
def test_the_database_refuses_a_record_by_which_somebody_lowers_their_own_flag(actor):
    user = UserFactory(decides=True)
    with pytest.raises(IntegrityError, match="employment_change_lowered_by_another"), transaction.atomic():
        EmploymentChange.objects.create(
            user=user,
            actor=user if actor == "self" else None,
            employer=user.employer,
            decides_before=True,
            decides_on_benefits=False,
            reason="x",
            changed_at=timezone.now(),
        )


def test_the_database_refuses_a_record_that_lies_about_what_was():
    user = UserFactory(decides=True)
    EmploymentChange.objects.create(
        user=user,
        actor=user,
        employer_before=user.employer,
        employer=user.employer,
        decides_before=False,
        decides_on_benefits=False,
        reason="x",
        changed_at=timezone.now(),
    )
    with pytest.raises(IntegrityError, match="only with a record"), transaction.atomic():
        User.objects.filter(pk=user.pk).update(decides_on_benefits=False)


@pytest.mark.parametrize("table", ["accounts_userevent", "accounts_employmentchange"])
def test_the_apps_role_has_no_right_to_alter_records_and_history(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'UPDATE'), has_table_privilege(%s, 'DELETE')", [table, table])
        assert cursor.fetchone() == (False, False)


@pytest.mark.parametrize("statement", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize("model", [EmploymentChange, UserEvent])
def test_records_and_history_are_never_altered(statement, model):
    change(UserFactory(coordinator=True), UserFactory())
    if model is UserEvent:
        statement = statement.replace("reason = 'x'", "is_active = false")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(model._meta.db_table))


def test_the_history_holds_no_name_and_no_address():
    names = {field.name for field in UserEvent._meta.get_fields()}
    assert names.isdisjoint({"name", "email", "password", "last_login"})


def test_on_the_page_of_a_person():
    coordinator, user = UserFactory(coordinator=True), UserFactory(decides=True)
    client, url = signed_in(coordinator), f"/mensen/{user.pk}/"
    assert client.post(url, {"employer": "Elders", "decides_on_benefits": "no"}).status_code == 422
    assert client.post(url, {"employer": "Elders", "reason": "Nieuwe baan"}).status_code == 422
    assert client.post(url, {"employer": "Elders", "decides_on_benefits": "no", "reason": "Nieuwe baan"}).status_code == 302
    assert b"Nieuwe baan" in client.get(url).content
    assert b"Nieuwe baan" in signed_in(user).get("/account/").content
    assert client.post(f"/mensen/{coordinator.pk}/", {"employer": "X", "decides_on_benefits": "no", "reason": "y"}).status_code == 422


def test_ending_a_coordinator():
    coordinator, other = UserFactory(coordinator=True), UserFactory(coordinator=True)
    client = signed_in(coordinator)
    client.post(f"/mensen/{coordinator.pk}/coordinator-af/")
    client.post(f"/mensen/{other.pk}/coordinator-af/")
    assert User.objects.get(pk=coordinator.pk).is_coordinator
    assert not User.objects.get(pk=other.pk).is_coordinator


def test_invitations_of_an_ended_coordinator_end_too():
    coordinator, other = UserFactory(coordinator=True), UserFactory(coordinator=True)
    mine, theirs = (
        invite(CoordinatorInvitation(email=f"a{who.pk}@demo.example", name="A", decides_on_benefits=False), actor=who, at=timezone.now())
        for who in (coordinator, other)
    )
    signed_in(coordinator).post(f"/mensen/{other.pk}/coordinator-af/")
    assert list(CoordinatorInvitation.objects.open_at(timezone.now())) == [mine]
    theirs.refresh_from_db()
    assert theirs.revoked_at


def test_people_are_for_coordinators(django_assert_num_queries):
    user = UserFactory()
    client = signed_in(user)
    assert client.get("/mensen/").status_code == client.get(f"/mensen/{user.pk}/").status_code == 404


def test_the_list_takes_as_many_queries_for_three_as_for_one(django_assert_num_queries):
    client = signed_in(UserFactory(coordinator=True))
    client.get("/mensen/")
    for more in (0, 3):
        UserFactory.create_batch(more)
        with django_assert_num_queries(5):
            client.get("/mensen/")


def test_the_own_profile():
    user = UserFactory()
    client = signed_in(user)
    assert client.post("/account/gegevens/", {"name": "Nieuwe Naam", "language": "en"}).status_code == 302
    user.refresh_from_db()
    assert (user.name, user.language) == ("Nieuwe Naam", "en")
    assert client.post("/account/gegevens/", {"name": "Nieuwe Naam", "language": "xx"}).status_code == 422
