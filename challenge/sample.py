from datetime import datetime

from challenge.models import JuryMember
from fieldlab.accounts.models import User


def load(at: datetime) -> None:
    JuryMember.objects.get_or_create(user=User.objects.get(email="jurylid@demo.example"), defaults={"since": at})
