from fieldlab.accounts.models import User
from workshops.models import Facilitator


def is_facilitator(user: User) -> bool:
    return Facilitator.objects.current().filter(user=user).exists()


def can_invite_facilitators(user: User) -> bool:
    return user.is_coordinator
