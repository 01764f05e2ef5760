"""Who sees and changes what when the app's own filters are left out: only row-level security answers here."""

import uuid
from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from fieldlab.accounts.models import User
from fieldlab.audit.actions import record_access
from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.audit.models import AccessRecord
from fieldlab.lib.encryption import Key
from participants.actions import add_participant, end_access, give_account, grant_access, open_participant
from participants.models import AccessReason, Details, Participant, ParticipantAccess, ParticipantKey, ReachedBy
from tests.factories.accounts import UserFactory
from tests.factories.participants import make_participant, make_professional
from tests.walls.database import owner

EVENTS = [Participant.pgh_event_model, ParticipantAccess.pgh_event_model]
TABLES = [Participant, ParticipantKey, ParticipantAccess, *EVENTS]


def seen_by(actor):
    with person_context(actor):
        return {model.__name__: model.objects.count() for model in TABLES}


def access_for(participant, user):
    return ParticipantAccess(participant=participant, user=user, reason="support", granted_by=user, valid_from=timezone.now())


NOTHING = dict.fromkeys((model.__name__ for model in TABLES), 0)
EVERYTHING = dict.fromkeys(NOTHING, 1)


@pytest.fixture
def professional(db):
    return make_professional()


@pytest.fixture
def participant(professional):
    return make_participant(professional)


def test_without_a_context_there_is_nobody(participant):
    assert {model.__name__: model.objects.count() for model in TABLES} == NOTHING
    assert Participant.objects.filter(pk=participant.pk).update(reached_by="city") == 0


def test_whoever_has_access_sees_the_participant_and_nobody_else_does(participant, professional):
    make_participant(make_professional())
    assert seen_by(UserActor(professional)) == EVERYTHING
    assert seen_by(UserActor(UserFactory(coordinator=True))) == NOTHING
    assert seen_by(UserActor(UserFactory())) == NOTHING
    with person_context(UserActor(professional)):
        assert set(Participant.objects.all()) == set(Participant.objects.visible_to(professional)) == {participant}


def test_both_walls_say_the_same(participant, professional):
    stranger = make_professional()
    with person_context(UserActor(stranger)):
        assert list(Participant.objects.all()) == list(Participant.objects.visible_to(stranger)) == []
        with pytest.raises(Participant.DoesNotExist):
            Participant.objects.get(pk=participant.pk)
    with person_context(SystemActor("a test")):
        assert list(Participant.objects.visible_to(stranger)) == []
        assert list(Participant.objects.visible_to(professional)) == [participant]


def test_whoever_decides_on_benefits_sees_nobody_even_with_access(participant):
    decider = UserFactory(decides=True, coordinator=True, is_active=True)
    with person_context(SystemActor("a test")):
        ParticipantAccess.objects.create(
            participant=participant, user=decider, reason=AccessReason.SUPPORT, valid_from=timezone.now() - timedelta(days=1)
        )
        own = add_participant(actor=None, details=Details(first_name="D"), reached_by=ReachedBy.CITY, at=timezone.now(), account=decider)
        assert list(Participant.objects.visible_to(decider)) == []
    assert seen_by(UserActor(decider)) == NOTHING
    with person_context(UserActor(decider)):
        assert not Participant.objects.filter(pk=own.pk).exists()
        assert not Participant.objects.filter(pk=participant.pk).update(reached_by="city")
    with pytest.raises(DatabaseError, match="row-level security"), person_context(UserActor(decider)):
        add_participant(actor=decider, details=Details(first_name="X"), reached_by=ReachedBy.CITY, at=timezone.now())


def test_the_database_asks_itself_who_decides_and_not_the_object_in_memory(participant, professional):
    decider = UserFactory(decides=True)
    with person_context(SystemActor("a test")):
        ParticipantAccess.objects.create(participant=participant, user=decider, reason=AccessReason.SUPPORT, valid_from=timezone.now())
    decider.decides_on_benefits = False
    assert seen_by(UserActor(decider)) == NOTHING
    User.objects.filter(pk=professional.pk).update(is_active=False)
    assert seen_by(UserActor(professional)) == NOTHING


def test_access_holds_from_its_beginning_to_its_end(participant):
    for begins, ends, sees in [(-2, -1, NOTHING), (1, 2, NOTHING), (1, None, NOTHING), (-1, 1, EVERYTHING | {"ParticipantAccess": 2})]:
        reader = UserFactory()
        at = timezone.now()
        with person_context(SystemActor("a test")), transaction.atomic():
            access = ParticipantAccess.objects.create(
                participant=participant,
                user=reader,
                reason=AccessReason.SUPPORT,
                valid_from=at + timedelta(days=begins),
                until=ends and at + timedelta(days=ends),
            )
            visible = Participant.objects.visible_to(reader).count()
        counts = seen_by(UserActor(reader))
        assert counts["Participant"] == visible == sees["Participant"]
        with person_context(SystemActor("a test")), connection.cursor() as cursor:
            cursor.execute("UPDATE participants_participantaccess SET until = valid_from WHERE id = %s", [access.pk])


def test_a_participant_with_an_account_sees_their_own_file_and_its_log(participant, professional):
    deelnemer = UserFactory()
    with person_context(SystemActor("a test")):
        give_account(participant=participant, user=deelnemer)
    with person_context(UserActor(professional, "professional")):
        open_participant(participant=participant, reason="prepares the first talk", at=timezone.now())
    assert seen_by(UserActor(deelnemer)) == EVERYTHING
    with person_context(UserActor(deelnemer)):
        assert Participant.objects.visible_to(deelnemer).get().open().first_name == "Samira"
        assert [record.user_id for record in AccessRecord.objects.about(participant.pk)] == [professional.pk]
    colleague = make_professional()
    with person_context(UserActor(professional)):
        grant_access(participant=participant, user=colleague, reason=AccessReason.REPLACEMENT, actor=professional)
    with person_context(UserActor(colleague)):
        assert not AccessRecord.objects.exists(), "a colleague does not read another's log"


def test_a_participant_without_an_account_sees_their_own_file_by_link(participant):
    other = make_participant(make_professional())
    assert seen_by(LinkActor(participant.pk, "my_data")) == EVERYTHING
    with person_context(LinkActor(participant.pk, "my_data")):
        record_access(participant_id=participant.pk, what="participant.details", reason="own data", at=timezone.now())
        assert AccessRecord.objects.count() == 1
        assert not Participant.objects.filter(pk=other.pk).exists()
    assert seen_by(LinkActor(uuid.uuid4(), "my_data")) == NOTHING


def test_anybody_can_sign_up_without_an_account(db):
    new = uuid.uuid4()
    with person_context(LinkActor(new, "sign_up")):
        add_participant(
            actor=None, details=Details(first_name="Yusuf"), reached_by=ReachedBy.WEBSITE, at=timezone.now(), participant_id=new
        )
    with person_context(LinkActor(new, "my_data")):
        assert Participant.objects.get().open().first_name == "Yusuf"


def test_nobody_signs_up_for_another(db):
    with pytest.raises(DatabaseError, match="row-level security"), person_context(LinkActor(uuid.uuid4(), "sign_up")):
        add_participant(actor=None, details=Details(first_name="Y"), reached_by=ReachedBy.WEBSITE, at=timezone.now())
    with pytest.raises(DatabaseError, match="row-level security"):
        add_participant(actor=None, details=Details(first_name="Y"), reached_by=ReachedBy.WEBSITE, at=timezone.now())


def test_nobody_gives_themselves_access(participant):
    stranger = make_professional()
    with pytest.raises(DatabaseError, match="row-level security"), person_context(UserActor(stranger)):
        ParticipantAccess.objects.bulk_create([access_for(participant, stranger)])


def test_whoever_added_somebody_and_lost_access_cannot_take_it_back(participant, professional):
    with person_context(UserActor(professional)):
        end_access(access=participant.accesses.get())
    assert seen_by(UserActor(professional)) == NOTHING
    with pytest.raises(DatabaseError, match="row-level security"), person_context(UserActor(professional)):
        ParticipantAccess.objects.bulk_create([access_for(participant, professional)])


def test_nobody_gives_access_in_anothers_name(participant, professional):
    with pytest.raises(DatabaseError, match="row-level security"), person_context(UserActor(professional)):
        grant_access(participant=participant, user=UserFactory(), reason=AccessReason.SUPPORT, actor=UserFactory())


def test_only_the_participant_or_the_platform_destroys_a_key(participant, professional):
    with person_context(UserActor(professional)):
        assert ParticipantKey.objects.filter(participant=participant)._raw_delete("default") == 0
        assert ParticipantKey.objects.filter(participant=participant).update(master="x") == 0
        assert Participant.objects.filter(pk=participant.pk)._raw_delete("default") == 0


@pytest.mark.parametrize("actor", [LinkActor(uuid.uuid4(), "x"), SystemActor("a test")])
def test_nobody_logs_a_read_in_anothers_name(participant, professional, actor):
    with pytest.raises(DatabaseError, match="row-level security"), person_context(actor):
        AccessRecord.objects.create(
            at=timezone.now(), kind="user", user=professional, participant_id=participant.pk, what="participant.details", reason="x"
        )


def test_no_policy_recurses(participant, professional):
    for actor in (UserActor(professional), LinkActor(participant.pk, "x"), SystemActor("a test")):
        with person_context(actor):
            for model in [*TABLES, AccessRecord]:
                list(model.objects.all())
            Participant.objects.select_related("key").prefetch_related("accesses__participant").get()
            Participant.objects.select_for_update().update(reached_by="city")
            ParticipantAccess.objects.update(until=None)


@pytest.mark.parametrize("table", ["participants_participantevent", "participants_participantaccessevent", "audit_accessrecord"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_history_and_log_cannot_be_changed_by_the_app(participant, table, change):
    column = "what" if table == "audit_accessrecord" else "pgh_label"
    for setting in ("app.migrating", "app.actor_kind"):
        sql = f"SELECT set_config(%s, 'on', true); {change.format(table, column, repr('x'))}"
        with pytest.raises(DatabaseError, match="permission denied"), person_context(SystemActor("a test")), connection.cursor() as cursor:
            cursor.execute(sql, [setting])


def test_history_records_what_goes_around_save(participant, professional):
    key = Key.new(participant.pk.bytes)
    with person_context(UserActor(professional)):
        Participant.objects.update(reached_by="city")
        participant.seal({"first_name": "Other"}, key)
        Participant.objects.bulk_update([participant], ["first_name"])
        with connection.cursor() as cursor:
            cursor.execute("UPDATE participants_participant SET reached_by = 'other'")
        events = list(participant.events.order_by("pgh_id"))
    assert [event.pgh_label for event in events] == ["insert", "update", "update", "update"]
    assert [event.reached_by for event in events] == ["friend", "city", "city", "other"]
    assert all(event.pgh_context["user"] == professional.pk for event in events)


@pytest.mark.django_db(transaction=True)
def test_the_owner_sees_everybody_only_while_migrating():
    professional = make_professional()
    make_participant(professional)
    sql = "UPDATE participants_participant SET reached_by = 'city'"
    with owner() as owned:
        assert owned.execute(sql).rowcount == 0
        owned.execute("SELECT set_config('app.actor_kind', 'system', false)")
        assert owned.execute(sql).rowcount == 0
        with pytest.raises(Exception, match="row-level security"):
            owned.execute("INSERT INTO participants_participantkey VALUES (gen_random_uuid(), '', '')")
    with owner(migrating=True) as owned:
        assert owned.execute(sql).rowcount == 1


@pytest.mark.django_db(transaction=True)
def test_a_log_only_grows_for_its_owner_too_but_for_a_migration():
    participant = make_participant(make_professional())
    with person_context(SystemActor("a test")):
        record_access(participant_id=participant.pk, what="participant.details", reason="x", at=timezone.now())
    for migrating in (False, True):
        with owner(migrating=migrating) as owned, owned.transaction(force_rollback=True):
            owned.execute("ALTER TABLE audit_accessrecord NO FORCE ROW LEVEL SECURITY")
            if migrating:
                assert owned.execute("UPDATE audit_accessrecord SET reason = 'y'").rowcount == 1
            else:
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only grows"):
                    owned.execute("UPDATE audit_accessrecord SET reason = 'y'")


@pytest.mark.django_db(transaction=True)
def test_the_app_cannot_pose_as_the_migrating_owner(settings):
    make_participant(make_professional())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.migrating', 'on', true)")
        assert Participant.objects.count() == 0


@pytest.mark.parametrize("change", ["user_id = user_id", "valid_from = '2000-01-01'", "granted_by_id = NULL", "reason = 'handover'"])
def test_of_an_access_only_the_end_may_change(participant, professional, change):
    with person_context(UserActor(professional)), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute(f"UPDATE participants_participantaccess SET {change}")
        cursor.execute("UPDATE participants_participantaccess SET until = statement_timestamp()")
        assert cursor.rowcount == 1
