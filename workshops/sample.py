from datetime import datetime

from fieldlab.accounts.models import User
from workshops.models import Facilitator


def load(at: datetime) -> None:
    Facilitator.objects.get_or_create(user=User.objects.get(email="workshop@demo.example"), defaults={"since": at})
