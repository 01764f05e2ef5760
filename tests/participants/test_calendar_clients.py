"""A calendar program that people have (khal) reads what we send and what it can subscribe to."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import UserActor, person_context
from fieldlab.outbox.models import OutboxMessage
from participants.actions.booking import cancel, move
from participants.actions.calendar import make_feed
from participants.models import BookedBy, Professional
from tests.factories.participants import make_participant, make_professional
from tests.factories.talks import make_appointment, make_room, weekday

pytestmark = pytest.mark.django_db(transaction=True)
CONFIG = """
[calendars]
[[own]]
path = {folder}/own
color = dark green
[locale]
local_timezone = Europe/Amsterdam
default_timezone = Europe/Amsterdam
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
default_calendar = own
[sqlite]
path = {folder}/khal.db
"""


class Khal:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "own").mkdir()
        (folder / "config").write_text(CONFIG.format(folder=folder))

    def run(self, *arguments: str) -> str:
        command = [str(Path(sys.executable).parent / "khal"), "--config", str(self.folder / "config"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        return done.stdout

    def take(self, calendar: str) -> None:
        """What pressing on the file in a mail does."""
        file = self.folder / "mail.ics"
        file.write_bytes(calendar.encode())
        self.run("import", "--batch", "--include-calendar", "own", str(file))

    def agenda(self) -> list[str]:
        first = timezone.localdate()
        days = [f"{first}", f"{first + timedelta(days=60)}"]
        shown = self.run("list", "--format", "{start-long} {title}| {location} |{cancelled}", "--day-format", "", *days)
        return [line.strip() for line in shown.splitlines() if line.strip()]


@pytest.fixture
def khal(tmp_path):
    return Khal(tmp_path)


@pytest.fixture
def fatma():
    return make_professional(name="Fatma Yilmaz")


def last_mail(user):
    """The newest one, gone out."""
    mail = OutboxMessage.objects.filter(to=user.email).order_by("-pk").first()
    OutboxMessage.objects.unfinished().update(sent_at=timezone.now())
    return mail.calendar


def test_a_mail_puts_it_in_the_agenda_a_higher_number_moves_it_and_cancel_strikes_it(khal, fatma):
    professional, room = Professional.objects.get(user=fatma), make_room()
    appointment = make_appointment(make_participant(fatma, first_name="Verborgen4862"), professional, room, weekday(7, 14))
    khal.take(last_mail(fatma))
    [line] = khal.agenda()
    assert line.startswith(f"{weekday(7, 14):%Y-%m-%d} 14:00 Afspraak| Stadsloket, Plein 1 |")
    with person_context(UserActor(fatma)):
        move(
            appointment=appointment, professional=professional, room=room, begins=weekday(10, 11), by=BookedBy.PROFESSIONAL,
            at=timezone.now(), outside_hours=True,
        )  # fmt: skip
    khal.take(last_mail(fatma))
    [line] = khal.agenda()
    assert line.startswith(f"{weekday(10, 11):%Y-%m-%d} 11:00 Afspraak|")
    assert "CANCELLED" not in line
    with person_context(UserActor(fatma)):
        cancel(appointment=appointment, by=BookedBy.PROFESSIONAL, at=timezone.now())
    khal.take(last_mail(fatma))
    [line] = khal.agenda()
    assert line.endswith("CANCELLED")


def test_it_reads_the_feed_as_often_as_it_likes(khal, client, fatma):
    professional = Professional.objects.get(user=fatma)
    times = [weekday(days, 9) for days in (3, 10, 17)]
    for begins in times:
        make_appointment(make_participant(fatma), professional, make_room(), begins)
    where = reverse("calendar_feed", args=[make_feed(professional=professional, at=timezone.now())])
    for _again in range(2):
        khal.take(client.get(where).content.decode())
        assert [line[:16] for line in khal.agenda()] == [f"{begins:%Y-%m-%d} 09:00" for begins in times]
