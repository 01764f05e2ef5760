"""A marker is planted wherever something can be written about a person; after erasing, nothing in the database yields it."""

import logging
from contextlib import suppress
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
import redis
from django.apps import apps
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.lib import encryption
from fieldlab.lib.encryption import DecryptionError, SealedField
from fieldlab.lib.errors import DomainError
from participants.actions import change_details, erase_participant, give_account, grant_access, open_participant
from participants.models import DETAILS, AccessReason, Details, Participant, ParticipantAccess, ParticipantKey
from tests.factories.accounts import UserFactory
from tests.factories.participants import give_own_account, make_participant, make_professional
from tests.factories.rights import PHONE, make_whole
from tests.servers.worker import until
from tests.sign_in import signed_in
from tests.walls.database import every_value, owner

MARKER = "Zwaluwstaart"
PLANTED = {"first_name": MARKER, "last_name": MARKER, "phone": MARKER, "email": f"{MARKER}@demo.example", "languages": (MARKER,)}

pytestmark = pytest.mark.django_db(transaction=True)


def plain_hits(*needles):
    return [(table, column) for table, column, value in every_value() for needle in needles if needle.encode().lower() in value.lower()]


def opened_hits(participant_id):
    """Everything about the participant in table and history that opens with a key that is still somewhere in the database."""
    with person_context(SystemActor("a test looks")):
        keys = [key.unwrap() for key in ParticipantKey.objects.all()]
        history = Participant.pgh_event_model.objects.filter(pgh_obj=participant_id)
        found = []
        for row in [*Participant.objects.filter(pk=participant_id), *history]:
            for name in DETAILS:
                for key in keys:
                    try:
                        found += [value for value in encryption.unseal(row, key, [name]).values() if MARKER in str(value)]
                    except DecryptionError:
                        continue
        return found


def plant():
    professional, deelnemer = make_professional(), UserFactory()
    participant = make_participant(professional, **PLANTED)
    with person_context(SystemActor("a test")):
        give_account(participant=participant, user=deelnemer)
    with person_context(UserActor(professional, "professional"), reason="a test"):
        change_details(participant=participant, details=Details(**PLANTED | {"birth_year": 1980}), neighbourhood=None)
        grant_access(participant=participant, user=make_professional(), reason=AccessReason.SUPPORT, actor=professional)
        open_participant(participant=participant, reason="a test", at=timezone.now())
    return participant, professional, deelnemer


def test_erasing_leaves_nothing_of_the_person():
    participant, professional, deelnemer = plant()
    bystander = make_participant(professional, first_name="Bystander")
    assert plain_hits(MARKER) == [], "it never stood there in plain text"
    assert len(opened_hits(participant.pk)) >= 2 * len(PLANTED), "and is there, in the row and in its history, as long as there is a key"
    with person_context(UserActor(deelnemer, "participant")):
        erase_participant(participant=participant, reason="asked for it", at=timezone.now())
    assert opened_hits(participant.pk) == []
    assert plain_hits(MARKER, participant.code) == []
    with person_context(SystemActor("a test looks")):
        left = Participant.objects.get(pk=participant.pk)
        assert (left.user, left.code, left.first_name, left.created_by, left.reached_by) == (None, None, None, None, "friend")
        assert not left.accesses.open().exists()
        assert Participant.objects.count() == 2, "what stays is that somebody took part"
        with pytest.raises(DomainError):
            open_participant(participant=left, reason="a test", at=timezone.now())
    with person_context(UserActor(professional)):
        assert Participant.objects.get() == bystander
        assert bystander.open().first_name == "Bystander"


def test_it_can_be_done_by_link_and_by_the_platform_and_only_once():
    for by_link in (True, False):
        participant, _professional, _deelnemer = plant()
        actor = LinkActor(participant.pk, "erase") if by_link else SystemActor("asked by telephone")
        with person_context(actor):
            erase_participant(participant=participant, reason="asked for it", at=timezone.now())
        assert opened_hits(participant.pk) == []
        with pytest.raises(DomainError), person_context(actor):
            erase_participant(participant=participant, reason="again", at=timezone.now())


def test_a_professional_cannot_erase():
    participant, professional, _deelnemer = plant()
    with pytest.raises(DomainError), person_context(UserActor(professional)):
        erase_participant(participant=participant, reason="x", at=timezone.now())
    assert opened_hits(participant.pk) != []


def test_the_key_is_gone_from_the_disk_after_vacuum():
    """A deleted row stays in its page until vacuum; then no page of the table holds the wrapped key."""
    participant, _professional, _deelnemer = plant()
    with person_context(SystemActor("a test")):
        wrapped = bytes(ParticipantKey.objects.get(participant=participant).wrapped)
        erase_participant(participant=participant, reason="asked for it", at=timezone.now())
    with owner(migrating=True) as owned:

        def emptied() -> bool:
            owned.execute("VACUUM participants_participantkey")
            return owned.execute("SELECT pg_relation_size('participants_participantkey')").fetchone() == (0,)

        until(emptied, 10, "vacuum to give the page back, with its only row gone")
    assert not any(wrapped in value for _table, _column, value in every_value())


def test_ended_access_keeps_its_past():
    participant, _professional, deelnemer = plant()
    with person_context(UserActor(deelnemer)):
        erase_participant(participant=participant, reason="asked for it", at=timezone.now() + timedelta(seconds=1))
    with person_context(SystemActor("a test looks")):
        assert ParticipantAccess.objects.filter(participant=participant).count() == 2


def test_nothing_of_a_whole_person_is_left_anywhere(settings, caplog):
    """Something in every table, messages, and a browser that was inside: tables, Redis, files and log are empty of them."""
    professional, deelnemer = make_professional(), UserFactory()
    participant = make_whole(professional, MARKER)
    give_own_account(participant, deelnemer)
    with caplog.at_level(logging.DEBUG):
        client = signed_in(deelnemer)
        for page in ("", "alles/", "alles.json", "alles.pdf", "wie-keek/", "plan/"):
            assert client.get(f"/mijn-gegevens/{page}").status_code == 200
        client.post("/mijn-gegevens/wissen/")
    assert opened_hits(participant.pk) == []
    assert sealed_that_opens(participant.pk) == []
    needles = (MARKER, participant.code, PHONE.removeprefix("+31"))
    assert plain_hits(*needles) == []
    assert [needle for needle in needles if needle.lower() in caplog.text.lower()] == []
    store = redis.Redis.from_url(settings.REDIS_URL)
    kept = b"".join(key + (store.dump(key) or b"") for key in store.scan_iter())
    files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    for needle in needles:
        assert needle.lower().encode() not in kept.lower()
        assert not [path for path in files if needle.lower().encode() in path.read_bytes().lower()]


def sealed_that_opens(participant_id):
    """What is sealed in any table of this app, history too, and opens with a key that is still there."""
    found = []
    with person_context(SystemActor("a test looks")):
        keys = [key.unwrap() for key in ParticipantKey.objects.all()]
        for model in apps.get_app_config("participants").get_models():
            names = [each.name for each in model._meta.concrete_fields if isinstance(each, SealedField) and each.name != "wrapped"]
            for row in model._default_manager.all() if names else ():
                for name, key in product(names, keys):
                    with suppress(DecryptionError):
                        found += [(model.__name__, name) for value in encryption.unseal(row, key, [name]).values() if MARKER in str(value)]
    return found
