"""Names that are hard to read, to write or to trust: each goes all the way from a form to every page, paper and message."""

import html
import json
import re
import unicodedata
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from fieldlab.audit.context import SystemActor, person_context
from fieldlab.lib.gsm import fits
from fieldlab.outbox.models import OutboxMessage
from participants.models import Appointment, Participant, Professional
from participants.notifications.reach import prefix
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory
from tests.factories.outbox import deliver
from tests.factories.participants import give_own_account, make_professional
from tests.factories.plans import allow_sharing, make_goal, make_hand_over, make_step
from tests.factories.talks import make_hours, make_room, weekday
from tests.initiatives.paper import Paper
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
EMAIL, PHONE = "deelnemer@demo.example", "06 12 34 56 78"
NAMES = {
    "Arabic": "سميرة",
    "one letter": "X",
    "turned round": "\u202egnol\u202c 🙂\u200b\u200dSara",
    "long word": "Hottentottententententoonstellingsbezoekersvergunningaanvraagformulierenkastdeur",
    "formula": "=cmd()|' /C calc'!A0",
    "markup": "<script>alert(1)</script>{{ 7|add:7 }}#strong[x] %(name)s %s",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_goes_from_a_form_to_every_page_paper_and_message(name, client):
    user, room = make_professional(name="Fatma Demir"), make_room()
    helps, desk = make_hours(user, room), signed_in(user)
    person = _added(desk, name)
    talk = _booked(desk, person, helps, room)
    _on_pages(desk, user, person, name, talk)
    _by_themselves(person, name)
    _in_messages(desk, person, name, helps, room, talk)
    _at_a_place(user, person, name, client)


def _system() -> Any:
    return person_context(SystemActor("a test"))


def _added(desk: Any, name: str) -> Participant:
    details = {"first_name": name, "last_name": name, "best_time": name, "phone": PHONE, "email": EMAIL, "reach": "email"}
    answer = desk.post(reverse("participant_new"), {**details, "languages": ["nl"], "birth_year": "1980", "reached_by": "professional"})
    assert answer.status_code == 302, answer.content.decode()
    with _system():
        return Participant.objects.select_related("key").get()


def _booked(desk: Any, person: Participant, helps: Professional, room: Any) -> Appointment:
    answer = desk.post(reverse("appointment_new", args=[person.pk]), _chosen(helps, room, weekday(2, 10)))
    assert answer.status_code == 302, answer.content.decode()
    with _system():
        return Appointment.objects.get()


def _chosen(helps: Professional, room: Any, begins: Any, **more: Any) -> dict[str, Any]:
    return {"keuze": f"{int(begins.timestamp())}-{helps.pk}-{room.pk}", "interpreter": "", **more}


def _page(client: Any, url: str, data: dict[str, str] | None = None) -> str:
    answer = client.post(url, data) if data and "naam" in data else client.get(url, data)
    assert answer.status_code == 200, f"{url}: {answer.status_code}"
    text = answer.content.decode()
    assert "<script>alert" not in text
    return text


def _on_pages(desk: Any, user: Any, person: Participant, name: str, talk: Appointment) -> None:
    """At the desk: shown as it was typed, escaped, and found by it."""
    week = {"week": f"{timezone.localdate(talk.begins)}"}
    pages = {
        each: _page(desk, reverse(each, args=[] if each in ("participants", "day", "caseload_hand_over") else [person.pk]))
        for each in ("participants", "day", "caseload_hand_over", "participant", "participant_change", "plan", "participant_erase", "talk")
    }
    pages["found"], pages["agenda"] = _page(desk, reverse("participants"), {"naam": name}), _page(desk, reverse("agenda"), week)
    lacking = [each for each, text in pages.items() if html.escape(name) not in text]
    assert lacking == []
    assert str(person.pk) in pages["found"]
    card = desk.post(reverse("participant_card", args=[person.pk]), {"do": "print"})
    paper = Paper(card.content).text
    assert "Fatma Demir" in paper
    assert len(name) == 1 or name not in paper, "whoever finds a card must not learn whose it is"
    make_goal(person, user, name)
    plan = desk.get(reverse("plan_print", args=[person.pk]))
    assert _drawn(name) in _joined(Paper(plan.content).text)
    assert plan["Content-Disposition"].count(name) == 0


def _drawn(name: str) -> str:
    """What can be printed of it: not pictures, and not what has no form."""
    return _joined("".join(letter for letter in name if unicodedata.category(letter) not in ("So", "Cf")))


def _joined(text: str) -> str:
    return re.sub(r"\s", "", text)


def _by_themselves(person: Participant, name: str) -> None:
    account = UserFactory()
    give_own_account(person, account)
    own = signed_in(account)
    for each in ("own", "own_details", "own_copy", "own_plan"):
        assert html.escape(name) in _page(own, reverse(each)) or each == "own_plan", each
    paper = _joined(Paper(own.get(reverse("own_copy_pdf")).content).text)
    assert paper.count(_drawn(name)) >= 2
    answer = own.get(reverse("own_copy_json"))
    data = json.loads(answer.content)["participant"]
    assert (data["first_name"], data["last_name"], data["best_time"]) == (name,) * 3
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def _in_messages(desk: Any, person: Participant, name: str, helps: Professional, room: Any, talk: Appointment) -> None:
    """To themselves, by mail and by SMS, and to whoever they meet: in none stands their name, and none is broken by it."""
    details = {"first_name": name, "last_name": name, "best_time": name, "phone": PHONE, "email": EMAIL, "languages": ["nl"]}
    assert desk.post(reverse("participant_change", args=[person.pk]), {**details, "reach": "sms"}).status_code == 302
    OutboxMessage.objects.update(sent_at=timezone.now())
    again = _chosen(helps, room, talk.begins + timedelta(days=7), verzet=str(talk.pk))
    assert desk.post(reverse("appointment_new", args=[person.pk]), again).status_code == 302
    sent = list(OutboxMessage.objects.exclude(text=""))
    assert {each.channel for each in sent if each.key.startswith(prefix(person))} == {"email", "sms"}
    for each in sent:
        whole = f"{each.key} {each.to} {each.subject} {each.text} {html.unescape(each.html)} {each.calendar}"
        assert len(name) == 1 or name not in whole, each.key
        assert each.channel == "email" or fits(each.text)
        for event in Calendar.from_ical(each.calendar).walk("VEVENT") if each.calendar else ():
            assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("Afspraak", "Stadsloket, Plein 1")


def _at_a_place(user: Any, person: Participant, name: str, client: Any) -> None:
    """A place reads a first name: in a mail, behind its link, and as a text message where it has no mail."""
    allow_sharing(person, user)
    for place in (InitiativeFactory(email="plek@demo.example"), InitiativeFactory(email="", phone="+31200000777")):
        make_hand_over(make_step(person, user, initiative=place), user, what=name[:60])
    OutboxMessage.objects.exclude(key__startswith="hand-over:").update(sent_at=timezone.now())
    letter, text = OutboxMessage.objects.get(to="plek@demo.example"), OutboxMessage.objects.get(to="+31200000777")
    assert name.replace("\u202e", "") in letter.text.replace("\u202e", "")
    assert html.escape(name) in letter.html
    assert "<script>alert" not in letter.html
    assert text.text.isascii() or not name.isascii()
    deliver()
    (posted,) = mail.outbox
    read = message_from_bytes(posted.message().as_bytes(), policy=policy.default)
    assert name in read.get_body(("plain",)).get_content()
    assert name not in read["Subject"]
    link = re.search(r"/komt-dit-uit/[^\s]+", letter.text)[0]
    assert html.escape(name) in _page(client, link)
