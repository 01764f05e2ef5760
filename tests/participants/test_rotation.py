import base64

import pytest
from django.core.management import call_command
from django.test import override_settings

from fieldlab.audit.context import SystemActor, UserActor, person_context
from fieldlab.lib.encryption import DecryptionError, unseal
from participants.management.commands import rotate_encryption_keys
from participants.models import DETAILS, Participant, ParticipantKey
from tests.factories.participants import make_participant, make_professional

pytestmark = pytest.mark.django_db


def keys(**secrets):
    return override_settings(ENCRYPTION_KEYS={name: base64.b64encode(secret * 32).decode() for name, secret in secrets.items()})


def masters():
    with person_context(SystemActor("a test looks")):
        return sorted(ParticipantKey.objects.values_list("master", flat=True))


def test_rotation_rewraps_every_key_and_changes_no_row(capsys, monkeypatch):
    monkeypatch.setattr(rotate_encryption_keys, "BATCH", 2)
    professional = make_professional()
    with keys(old=b"o"):
        for number in range(5):
            make_participant(professional, first_name=f"P{number}")
    assert masters() == ["old"] * 5
    with keys(new=b"n", old=b"o"):
        assert rotate_encryption_keys.rewrap_batch() == 2, "then it was interrupted"
        assert masters() == ["new"] * 2 + ["old"] * 3
        make_participant(professional, first_name="P5")
        call_command("rotate_encryption_keys")
        call_command("rotate_encryption_keys")
    assert "3 keys rewrapped" in capsys.readouterr().out
    assert masters() == ["new"] * 6
    with keys(new=b"n"), person_context(UserActor(professional)):
        assert [row.open().first_name for row in Participant.objects.visible_to(professional)] == [f"P{number}" for number in range(6)]
        for participant in Participant.objects.all():
            event = participant.events.get()
            assert set(unseal(event, participant.key.unwrap(), DETAILS)) == set(DETAILS)


def test_without_the_old_key_rotation_stops_and_loses_nothing():
    professional = make_professional()
    with keys(old=b"o"):
        make_participant(professional)
    with keys(new=b"n"), pytest.raises(DecryptionError, match="'old'"):
        call_command("rotate_encryption_keys")
    assert masters() == ["old"]
