"""Everything that is kept about one person, from every table: for them to read, and as data that another program reads.

Whoever asks has opened the participant in a context that may read it all, which is recorded. The number of queries does not
depend on how much there is.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from fieldlab.audit.models import AccessRecord
from fieldlab.lib.encryption import SealedField, unseal
from fieldlab.lib.phones import NotAPhoneNumber, normalise
from fieldlab.outbox.models import OutboxMessage
from initiatives.models import Initiative
from participants.models import ConsentText, Participant, Professional, TalkPlace, TalkRoom
from participants.notifications.reach import PREFIX, prefix

VERSION = 1
# Each table that points at a participant, by the name of its model: its name in the data, and what it holds
TABLES: dict[str, tuple[str, StrOrPromise]] = {
    "Consent": ("consents", gettext_lazy("What you said yes or no to, with the text that you answered.")),
    "ParticipantAccess": ("accesses", gettext_lazy("Who may or might see your details, from when until when, and why.")),
    "Appointment": ("appointments", gettext_lazy("Your appointments.")),
    "EarlierWish": ("earlier_wishes", gettext_lazy("Whether you wanted to come earlier.")),
    "IntakeReport": ("reports", gettext_lazy("Reports of talks, with what was typed during the talk.")),
    "ReportSentence": ("report_sentences", gettext_lazy("Sentences of reports that were or are being read together.")),
    "IntakeReportVersion": ("report_versions", gettext_lazy("Reports as you approved them.")),
    "Goal": ("goals", gettext_lazy("What you want, in your own words.")),
    "GoalMark": ("goal_marks", gettext_lazy("How far you felt you were, from 0 to 4.")),
    "PlanStep": ("plan_steps", gettext_lazy("The steps of your plan.")),
    "HandOver": ("hand_overs", gettext_lazy("Places that were asked whether you may come.")),
    "FollowUp": ("follow_ups", gettext_lazy("Days on which somebody asks how it is going.")),
    "Call": ("calls", gettext_lazy("Telephone calls. What was said is not written down.")),
    "PersonalCode": ("codes", gettext_lazy("Cards with a code that you got. We do not know the code itself.")),
    "BrokenGlass": ("opened_in_emergency", gettext_lazy("Whether somebody opened your details in an emergency, and why.")),
}
# What changed: each row as it was from then on
HISTORY = ("Participant", "ParticipantAccess", "BrokenGlass", "Appointment", "IntakeReport", "PlanStep", "HandOver")
# Tables that point at a participant and are not in the export, and why not
LEFT_OUT = {"ParticipantKey": "The key that opens what is sealed: what it opens is all here, and the key itself would open it to others."}
# Columns that say nothing about the person: their own row again, keyed digests, and time that is reckoned from other columns
_SKIPPED = {"participant", "digest", "occupied", "pgh_obj", "pgh_context", "pgh_context_id", "pgh_id"}
# Of these the name stands in the data; of other rows their key, which is in the data too
_NAMED: tuple[Any, ...] = (User, Initiative, Area, TalkPlace, TalkRoom, Professional, ConsentText)


@dataclass
class Everything:
    """All rows about one person, opened. `rows` is by the names in TABLES and by "history.…"; `names` by model and key."""

    participant: Participant
    rows: dict[str, list[Any]]
    looks: list[AccessRecord]
    messages: list[OutboxMessage]
    # Their own, to tell them from a place through which messages went
    addresses: set[str]
    names: dict[Any, dict[Any, Any]] = field(default_factory=dict)
    opened: dict[tuple[str, Any, str], Any] = field(default_factory=dict)

    def told(self, record: models.Model, name: str) -> Any:
        """What a sealed column says; None when it is empty."""
        return self.opened.get((record._meta.label, record.pk, name))

    def named(self, model: Any, key: Any) -> Any:
        return self.names.get(model, {}).get(key)

    def user(self, key: Any) -> str:
        """Name and employer."""
        user = self.named(User, key)
        if user is None:
            return ""
        return _("%(name)s of %(employer)s") % {"name": user.name, "employer": user.employer} if user.employer else user.name


def everything_about(participant: Participant, *, tables: Iterable[str] | None = None, history: bool = False) -> Everything:
    """`tables` (names in TABLES) leaves the others out, and who looked and which messages went too: for whoever may not see those."""
    wanted = set(tables) if tables is not None else {name for name, _about in TABLES.values()}
    found: dict[str, list[Any]] = {}
    for model, (name, _about) in TABLES.items():
        found[name] = list(_model(model).filter(participant=participant)) if name in wanted else []
    if "report_sentences" not in wanted:  # nor what they would be made of
        for report in found["reports"]:
            report.guide = report.trail = None
    if history:
        for model in HISTORY:
            whose = {"pgh_obj": participant.pk} if model == "Participant" else {"participant": participant.pk}
            found[f"history.{_snake(model)}"] = list(_model(f"{model}Event").filter(**whose).order_by("pgh_id"))
    looks = list(AccessRecord.objects.about(participant.pk)) if tables is None else []
    addresses = _addresses(participant)
    messages = list(_messages(participant)) if tables is None else []
    everything = Everything(participant, found, looks, messages, addresses)
    _open(everything)
    _name(everything)
    return everything


def _model(name: str) -> Any:
    return apps.get_model("participants", name)._default_manager.all()


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def _addresses(participant: Participant) -> set[str]:
    """What they say is theirs, which others may use too."""
    details = participant.open()
    addresses = {details.email.lower(), details.phone}
    with suppress(NotAPhoneNumber):
        addresses.add(normalise(details.phone))
    return addresses - {""}


def _messages(participant: Participant) -> Any:
    """What went to them: as a participant, or to the account that they proved to be theirs. Not what went to the same telephone."""
    theirs = Q(key__startswith=prefix(participant))
    if participant.user is not None:
        theirs |= Q(address=participant.user.email.lower()) & ~Q(key__startswith=PREFIX)
    return OutboxMessage.objects.alias(address=Lower("to")).filter(theirs).order_by("-created_at", "-pk")


def text_of(message: OutboxMessage, participant: Participant) -> tuple[str, str]:
    """Subject and text, of what went to them as a participant. What belongs to an account may hold a code that signs in."""
    return (message.subject, message.text) if message.key.startswith(prefix(participant)) else ("", "")


def _open(everything: Everything) -> None:
    key = everything.participant.key.unwrap()
    for record in [everything.participant, *(record for records in everything.rows.values() for record in records)]:
        sealed = [each.name for each in _columns(record) if isinstance(each, SealedField) and getattr(record, each.name) is not None]
        for name, value in unseal(record, key, sealed).items():
            everything.opened[record._meta.label, record.pk, name] = value


def _columns(record: models.Model) -> list[Any]:
    return list(record._meta.concrete_fields)


def _name(everything: Everything) -> None:
    """Names of everybody and everything that the rows point at: a query a kind, and as many for one row as for fifty."""
    wanted: dict[Any, set[Any]] = {model: set() for model in _NAMED}
    pointing: list[Any] = [everything.participant, *(record for records in everything.rows.values() for record in records)]
    for record in pointing:
        for column in _columns(record):
            if column.is_relation and column.related_model in wanted:
                wanted[column.related_model].add(getattr(record, column.attname))
        wanted[User].add((getattr(record, "pgh_context", None) or {}).get("user"))
    wanted[User] |= {look.user_id for look in everything.looks}
    for model, keys in wanted.items():
        rows = model._default_manager.filter(pk__in=keys - {None})
        if model is TalkPlace:
            rows = rows.select_related("initiative__area", "own_area").defer("initiative__area__boundary", "own_area__boundary")
        elif model is Professional:
            rows = rows.select_related("user")
        elif model is Area:
            rows = rows.defer("boundary")
        everything.names[model] = {row.pk: row for row in rows}


# --- As data


def as_data(everything: Everything, *, at: datetime) -> dict[str, Any]:
    """Everything as JSON holds it. `schema` says of each list and of each field what it is; times are in UTC (ISO 8601)."""
    participant = everything.participant
    tables = {name: [_row(everything, record) for record in records] for name, records in everything.rows.items()}
    account = participant.user
    return {
        "meta": {
            "version": VERSION,
            "made_at": at.isoformat(),
            "made_by": settings.SITE_NAME,
            "source": settings.SITE_URL,
            "language": settings.LANGUAGE_CODE,
            "about": _("Everything that we keep about you. Made at your request; we keep no copy."),
        },
        "schema": _schema(everything),
        "participant": _row(everything, participant)
        | {"account": {"name": account.name, "email": account.email, "language": account.language} if account else None},
        **{name: rows for name, rows in tables.items() if not name.startswith("history.")},
        "who_looked": [_look(everything, look) for look in everything.looks],
        "messages": [_message(everything, message) for message in everything.messages],
        "history": {name.removeprefix("history."): rows for name, rows in tables.items() if name.startswith("history.")},
    }


def _schema(everything: Everything) -> dict[str, Any]:
    models_of: dict[str, Any] = {
        "participant": Participant,
        **{name: apps.get_model("participants", model) for model, (name, _about) in TABLES.items()},
    }
    about = {"participant": _("Who you are, as we know you."), **{name: str(words) for name, words in TABLES.values()}}
    described = {
        name: {
            "about": about[name],
            "fields": {each.name: str(each.verbose_name) for each in model._meta.concrete_fields if each.name not in _SKIPPED},
        }
        for name, model in models_of.items()
    }
    described["who_looked"] = {"about": _("Everybody who looked at your details or changed them.")}
    described["messages"] = {"about": _("Messages that went to you. After 30 days only when and how is left.")}
    described["history"] = {"about": _("What changed: each row as it was from ‘pgh_created_at’ on, and who changed it.")}
    return described


def _row(everything: Everything, record: models.Model) -> dict[str, Any]:
    row = {column.name: _value(everything, record, column) for column in _columns(record) if column.name not in _SKIPPED}
    if hasattr(record, "pgh_context"):
        context = record.pgh_context or {}
        row["changed_by"] = everything.user(context.get("user")) or context.get("kind", "")
    return row


def _value(everything: Everything, record: models.Model, column: Any) -> Any:
    if isinstance(column, SealedField):
        return everything.told(record, column.name)
    value = getattr(record, column.attname)
    if column.is_relation and column.related_model in _NAMED:
        return None if value is None else _as_name(everything, column.related_model, value)
    return plain(value)


def plain(value: Any) -> Any:
    """As JSON holds it."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    return value


def _as_name(everything: Everything, model: Any, key: Any) -> Any:
    found = everything.named(model, key)
    if found is None:
        return str(key)
    if model is ConsentText:
        return {"title": found.title, "text": found.body, "language": found.language, "version": found.version}
    if model is TalkPlace:
        return {"name": found.name, "address": found.address}
    if model is User:
        return {"name": found.name, "employer": found.employer}
    if model is Professional:
        return {"name": found.user.name, "employer": found.user.employer}
    return str(found.name)


def _look(everything: Everything, look: AccessRecord) -> Mapping[str, Any]:
    who = _as_name(everything, User, look.user_id) if look.user_id else None
    return {
        "at": plain(look.at),
        "by": look.kind,
        "who": who,
        "employer": look.employer,
        "role": look.role,
        "what": look.what,
        "why": look.reason,
    }


def _message(everything: Everything, message: OutboxMessage) -> Mapping[str, Any]:
    subject, text = text_of(message, everything.participant)
    return {
        "made_at": plain(message.created_at),
        "sent_at": plain(message.sent_at),
        "failed_at": plain(message.failed_at),
        "channel": message.channel,
        "to": message.to if message.to.lower() in everything.addresses else "",
        "subject": subject,
        "text": text,
    }
