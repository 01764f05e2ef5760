import re

import pytest
from django.urls import reverse

from fieldlab.accounts.models import User
from fieldlab.outbox.models import OutboxMessage
from participants.models import Professional, ProfessionalInvitation
from participants.permissions import is_professional
from tests.factories.accounts import UserFactory
from tests.factories.areas import DistrictFactory
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
ANSWER = {"name": "Fatma Demir", "email": "Fatma@demo.example", "employer": "Buurtwerk Oost", "language": "nl"}


def invite(**answer):
    response = signed_in(UserFactory(coordinator=True)).post(reverse("professionalinvitation_list"), ANSWER | answer)
    assert response.status_code == 302, response.content.decode()
    return re.search(r"http://\S+/uitnodiging/professional/(\S+)/", OutboxMessage.objects.get(to="fatma@demo.example").text)[1]


@pytest.mark.parametrize("decides", [False, True])
def test_a_coordinator_invites_and_the_link_makes_a_professional(client, decides):
    district = DistrictFactory()
    token = invite(decides_on_benefits="yes" if decides else "no", district=district.pk)
    page = reverse("professionalinvitation_accept", args=[token])
    assert client.get(page).status_code == 200
    assert not Professional.objects.exists(), "opening the link does nothing: mail scanners open it too"
    assert client.post(page, {"name": "Fatma Demir", "decides_on_benefits": "no", "password": ""}).status_code == 302
    user = User.objects.get(email="fatma@demo.example")
    assert list(user.professional.areas.all()) == [district]
    assert (user.employer, user.decides_on_benefits, user.needs_second_factor) == ("Buurtwerk Oost", decides, True)
    assert is_professional(user) is not decides


def test_only_a_coordinator_invites():
    for user in (UserFactory(), UserFactory(decides=True)):
        response = signed_in(user).post(reverse("professionalinvitation_list"), ANSWER | {"decides_on_benefits": "no"})
        assert response.status_code == 404
    assert not ProfessionalInvitation.objects.exists()


def test_somebody_is_invited_once_at_a_time():
    invite(decides_on_benefits="no")
    coordinator = signed_in(UserFactory(coordinator=True))
    assert coordinator.post(reverse("professionalinvitation_list"), ANSWER | {"decides_on_benefits": "no"}).status_code == 422
