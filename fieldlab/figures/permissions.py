from fieldlab.accounts.models import User
from fieldlab.figures.models import Researcher


def is_researcher(user: User) -> bool:
    return Researcher.objects.current().filter(user=user).exists()


def can_invite_researchers(user: User) -> bool:
    return user.is_coordinator
