import pytest
from django.utils import timezone

import fieldlab.accounts.sample
import fieldlab.areas.sample
import participants.sample
from fieldlab.accounts.models import User
from fieldlab.audit.context import SystemActor, UserActor, person_context
from fieldlab.audit.models import AccessRecord
from participants.models import ConsentText, Participant
from participants.sample.own import CHECKED_BY


@pytest.mark.django_db
def test_the_sample_loads_once_however_often_it_is_asked():
    at = timezone.now()
    fieldlab.areas.sample.load(at)
    fieldlab.accounts.sample.load(at)
    participants.sample.load(at)
    participants.sample.load(at)
    fatma, amina, mark = (User.objects.get(email=f"{name}@demo.example") for name in ("professional", "deelnemer", "uitkering"))
    with person_context(SystemActor("a test looks")):
        assert Participant.objects.count() == 12
        assert Participant.objects.filter(neighbourhood=None).count() == 0
    with person_context(UserActor(fatma)):
        assert Participant.objects.visible_to(fatma).count() == Participant.objects.count() == 9
    with person_context(UserActor(amina)):
        assert Participant.objects.get().open().name == amina.name
        assert {record.user for record in AccessRecord.objects.all()} == {fatma}
    assert {text.language: text.checked_by for text in ConsentText.objects.all()} == {"nl": CHECKED_BY, "en": CHECKED_BY, "ar": ""}
    with person_context(UserActor(mark)):
        assert not Participant.objects.exists()
