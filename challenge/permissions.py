from challenge.models import JuryMember
from fieldlab.accounts.models import User


def is_jury_member(user: User) -> bool:
    return JuryMember.objects.current().filter(user=user).exists()


def can_invite_jury_members(user: User) -> bool:
    return user.is_coordinator
