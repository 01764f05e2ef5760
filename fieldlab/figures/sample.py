from datetime import datetime

from fieldlab.accounts.models import User
from fieldlab.figures.models import Researcher


def load(at: datetime) -> None:
    Researcher.objects.get_or_create(user=User.objects.get(email="kennis@demo.example"), defaults={"since": at})
