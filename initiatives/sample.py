"""An invented network: initiatives of every kind, a queue to read, and who checks and answers in Oost."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from fieldlab.accounts.models import User
from fieldlab.areas.actions import area_at
from fieldlab.areas.models import Area
from fieldlab.lib.geo import Point
from initiatives.actions import decide, save_draft, submit
from initiatives.actions.slugs import base_slug
from initiatives.models import (
    Access,
    Activity,
    AreaContact,
    BoundarySpanner,
    Initiative,
    InitiativeMember,
    Kind,
    ModerationDecision,
    Status,
    Topic,
)

WALK_IN, APPOINTMENT, NO_FIXED_PLACE = Access.WALK_IN, Access.APPOINTMENT, Access.NO_FIXED_PLACE
Role, Decision = InitiativeMember.Role, ModerationDecision.Decision


class Entry(NamedTuple):
    name: str
    kind: Kind
    activity: Activity
    summary: str
    access: Access
    # "Street 1, 1094 HP"; only a neighbourhood when empty
    address: str
    place: tuple[float, float]
    contact: str
    confirmed_days_ago: int
    description: str = ""


PUBLISHED = [
    Entry(
        "Naaiatelier De Draad", Kind.SOCIAL_ENTERPRISE, Activity.SEWING, "Samen naaien en kleding maken. Er zijn machines voor u.",
        WALK_IN, "Javastraat 112, 1094 HP", (4.9394, 52.3635), "Nadia", 13,
        "Iedereen kan een zoom leren naaien. Wij beginnen met thee. Daarna kijken we wat u wilt maken: iets voor thuis, iets voor "
        "de markt, of gewoon iets moois.\n\nU hoeft nog niets te kunnen. Een machine gebruiken is gratis. Elke eerste zaterdag "
        "verkopen wij op de buurtmarkt wat wij hebben gemaakt.",
    ),
    Entry(
        "Huis aan het Plein", Kind.COMMUNITY_CENTRE, Activity.HOUSE, "Koffie, hulp met post en een plek om mensen te leren kennen.",
        WALK_IN, "Makassarplein 3, 1095 RN", (4.9482, 52.3647), "Lucia", 6,
        "De deur staat open. Hebt u een brief die u niet begrijpt? Neem hem mee, wij lezen hem samen. Op donderdag is er soep.",
    ),
    Entry(
        "Buurtkeuken Ceram", Kind.COOPERATIVE, Activity.KITCHEN, "Koken voor de buurt. U leert het van elkaar.",
        APPOINTMENT, "Ceramstraat 21, 1095 BP", (4.9531, 52.3628), "Fatiha", 20,
        "Wij koken drie keer per week voor zestig mensen. Wie meekookt, eet mee. Sommigen van ons koken nu ook voor feesten.",
    ),
    Entry(
        "Tuin Achter Twaalf", Kind.SELF_MANAGED, Activity.GARDEN, "Groente en bloemen. Kinderen mogen mee.",
        WALK_IN, "Valentijnkade 12, 1095 JN", (4.9569, 52.3607), "Wim", 41,
        "Een tuin van en voor de buren. U krijgt een eigen stukje, of u helpt een uur mee. Gereedschap is er.",
    ),
    Entry(
        "Tafel van Tien", Kind.INFORMAL_GROUP, Activity.TABLE, "Thee, praten en plannen maken. Alleen voor vrouwen.",
        APPOINTMENT, "Javaplein 23, 1095 CJ", (4.9413, 52.3641), "Hatice", 9,
        "Tien stoelen, elke dinsdagochtend. Wij praten over wat wij kunnen en wat wij willen. Soms komt er een plan uit, soms niet.",
    ),
    Entry(
        "Wasserij De Lijn", Kind.SOCIAL_ENTERPRISE, Activity.LAUNDRY, "Kleding herstellen, strijken en wassen.",
        WALK_IN, "Molukkenstraat 88, 1095 BH", (4.9516, 52.3652), "Raymond", 27,
        "Wij wassen voor buren en voor restaurants. U kunt hier werken in uw eigen tempo, met een vaste collega naast u.",
    ),
    Entry(
        "Fietshoek Dapper", Kind.SOCIAL_ENTERPRISE, Activity.BIKES, "Fietsen maken en leren fietsen. Uw eigen fiets mag mee.",
        WALK_IN, "Dapperstraat 20, 1093 BT", (4.9272, 52.3624), "Karim", 16,
        "Band lek? Wij doen het voor hoe het moet. Op vrijdag is er fietsles voor wie het nooit heeft geleerd.",
    ),
    Entry(
        "Taalcafé Oosterpark", Kind.RESIDENTS_GROUP, Activity.LANGUAGE, "Nederlands praten aan tafel, met koffie en zonder toets.",
        WALK_IN, "Oosterpark 54, 1092 AK", (4.9158, 52.3589), "Margriet", 34,
    ),
    Entry(
        "Koor Over de Ringvaart", Kind.INFORMAL_GROUP, Activity.MUSIC, "Samen zingen in zes talen. Noten lezen hoeft niet.",
        NO_FIXED_PLACE, "", (4.9516, 52.3529), "Soraya", 52,
    ),
    Entry(
        "Klusclub Transvaal", Kind.RESIDENTS_GROUP, Activity.REPAIR, "Buren die buren helpen met klussen in huis.",
        APPOINTMENT, "Krugerplein 9, 1091 KV", (4.9212, 52.3524), "Ahmed", 22,
        "Een lamp, een plank, een kraan die lekt. Wij komen met zijn tweeën langs. Wie wil leren klussen, loopt mee.",
    ),
    Entry(
        "Betondorp Kookt", Kind.INFORMAL_GROUP, Activity.KITCHEN, "Elke woensdag een pan op het vuur en een plek aan tafel.",
        NO_FIXED_PLACE, "", (4.9477, 52.341), "Tineke", 75,
    ),
    Entry(
        "IJburg Maakt", Kind.COOPERATIVE, Activity.REPAIR, "Een werkplaats met zaag, lijm en hulp van buren.",
        WALK_IN, "IJburglaan 640, 1087 CE", (5.0061, 52.3562), "Bas", 11,
    ),
    Entry(
        "Bloemenpluk Zeeburg", Kind.SELF_MANAGED, Activity.GARDEN, "Bloemen kweken, plukken en verkopen op de markt.",
        APPOINTMENT, "Faas Wilkesstraat 40, 1095 MD", (4.9782, 52.3712), "Ilse", 30,
    ),
    Entry(
        "De Kleine Kans", Kind.COMMUNITY_CENTRE, Activity.TABLE, "Hulp bij een eigen plan: klein beginnen, samen kijken.",
        APPOINTMENT, "Jan Evertsenstraat 91, 1057 BS", (4.8541, 52.3702), "Samir", 18,
        "Wij vragen eerst wat u al doet. Taarten bakken, haren vlechten, vertalen. Daarna kijken we wat een volgende stap kan zijn.",
    ),
    Entry(
        "Atelier Mercator", Kind.SOCIAL_ENTERPRISE, Activity.SEWING, "Gordijnen, tassen en reparaties, gemaakt door mensen uit de buurt.",
        WALK_IN, "Mercatorplein 12, 1057 CA", (4.8500, 52.3712), "Gülsen", 8,
    ),
    Entry(
        "Spaarndammer Huiskamer", Kind.COMMUNITY_CENTRE, Activity.HOUSE, "Een huiskamer voor de hele straat. De koffie is gratis.",
        WALK_IN, "Spaarndammerstraat 133, 1013 TD", (4.8772, 52.3893), "Annie", 3,
    ),
    Entry(
        "Landlust Leert", Kind.RESIDENTS_GROUP, Activity.LANGUAGE, "Huiswerk en taal: groot en klein leren van elkaar.",
        WALK_IN, "Willem de Zwijgerlaan 73, 1056 JE", (4.8611, 52.3782), "Yousra", 47,
    ),
    Entry(
        "Muziekwerkplaats Kinker", Kind.SELF_MANAGED, Activity.MUSIC, "Instrumenten lenen, oefenen en samen spelen.",
        APPOINTMENT, "Bellamyplein 5, 1053 AT", (4.8701, 52.3688), "Delano", 25,
    ),
    Entry(
        "De Fietsenstal Noord", Kind.COOPERATIVE, Activity.BIKES, "Oude fietsen worden weer goed. U leert het vak.",
        WALK_IN, "Meeuwenlaan 122, 1021 JM", (4.9262, 52.3882), "Henk", 15,
    ),
    Entry(
        "Pekkeuken", Kind.SOCIAL_ENTERPRISE, Activity.KITCHEN, "Lunch en taart, gebakken door vrouwen uit de Van der Pekbuurt.",
        WALK_IN, "Van der Pekplein 8, 1031 GV", (4.9105, 52.3893), "Rachida", 5,
    ),
    Entry(
        "Buurttuin Waterland", Kind.RESIDENTS_GROUP, Activity.GARDEN, "Samen tuinieren tussen de flats. Ook als u alleen wilt kijken.",
        WALK_IN, "Waterlandplein 40, 1024 NB", (4.9806, 52.4012), "Cor", 60,
    ),
    Entry(
        "Repair Osdorp", Kind.RESIDENTS_GROUP, Activity.REPAIR, "Kapot? Neem het mee. Wij repareren het samen.",
        WALK_IN, "Osdorpplein 372, 1068 EV", (4.7995, 52.3594), "Mustafa", 19,
    ),
    Entry(
        "Strijkpunt Slotermeer", Kind.COOPERATIVE, Activity.LAUNDRY, "Strijken en herstellen voor de buurt, met elkaar verdiend.",
        APPOINTMENT, "Plein 40-45 12, 1064 SW", (4.8253, 52.3795), "Naima", 33,
    ),
    Entry(
        "De Pijp Praat", Kind.INFORMAL_GROUP, Activity.TABLE, "Elke maandag een open tafel voor wie iets wil beginnen.",
        NO_FIXED_PLACE, "", (4.8911, 52.3543), "Carla", 29,
    ),
    Entry(
        "Bijlmer Bouwt", Kind.SELF_MANAGED, Activity.HOUSE, "Een gebouw van bewoners: werkplek, keuken en ruimte voor plannen.",
        WALK_IN, "Bijlmerplein 130, 1102 DB", (4.9471, 52.3129), "Jermain", 12,
    ),
]  # fmt: skip

WAITING = [
    Entry(
        "Stoelenmakers Dapper", Kind.INFORMAL_GROUP, Activity.REPAIR, "Oude stoelen opknappen en leren bekleden.",
        APPOINTMENT, "Wagenaarstraat 60, 1093 CV", (4.9251, 52.3631), "Moniek", 5,
    ),
    Entry(
        "Naailes op Zondag", Kind.INFORMAL_GROUP, Activity.SEWING, "Op zondag leren wij elkaar naaien, bij iemand thuis.",
        NO_FIXED_PLACE, "", (4.9145, 52.3582), "Esra", 2,
    ),
    Entry(
        "Kas van Frankendael", Kind.SELF_MANAGED, Activity.GARDEN, "Plantjes kweken in de kas en weggeven aan de buurt.",
        WALK_IN, "Middenweg 72, 1097 BS", (4.9290, 52.3490), "Geert", 1,
    ),
]  # fmt: skip

ASKED = Entry(
    "Soep op de Stoep", Kind.RESIDENTS_GROUP, Activity.KITCHEN, "Wij doen iets met soep.",
    WALK_IN, "Insulindeweg 130, 1095 DS", (4.9442, 52.3623), "Bennie", 4,
)  # fmt: skip
WHAT_TO_CHANGE = "Wat leuk! Kunt u erbij zetten op welke dag en hoe laat mensen soep kunnen komen eten? Dan weet iedereen het."


@transaction.atomic
def load(at: datetime) -> None:
    people = {user.email.partition("@")[0]: user for user in User.objects.filter(email__endswith="@demo.example")}
    oost = Area.objects.districts().get(code="M")
    BoundarySpanner.objects.get_or_create(user=people["verbinder"], district=oost)
    _contacts(oost, people["gemeente"])
    for number, entry in enumerate(PUBLISHED):
        if not Initiative.objects.filter(slug=base_slug(entry.name)).exists():
            _publish(entry, number, people["coordinator"], at)
    draad = Initiative.objects.get(slug=base_slug(PUBLISHED[0].name))
    for account, role in (("initiatief", Role.OWNER), ("redacteur", Role.EDITOR)):
        InitiativeMember.objects.get_or_create(initiative=draad, user=people[account], defaults={"role": role, "since": at})
    _queue(people, at)
    _draft(people["initiatief"], at)


def _fields(entry: Entry, number: int) -> dict[str, object]:
    point = Point(*entry.place)
    street_and_number, _, postcode = entry.address.partition(", ")
    street, _, house_number = street_and_number.rpartition(" ")
    return {
        "name": entry.name,
        "kind": entry.kind,
        "activity": entry.activity,
        "summary": entry.summary,
        "description": entry.description,
        "access": entry.access,
        "street": street,
        "house_number": house_number,
        "postcode": postcode,
        "city": "Amsterdam" if entry.address else "",
        "location": point if entry.address else None,
        "area": area_at(point),
        "contact_name": entry.contact,
        "phone": f"+312000004{number:02}",
        "email": f"{base_slug(entry.name)}@demo.example",
        "phone_public": True,
        "email_public": True,
    }


def _publish(entry: Entry, number: int, coordinator: User, at: datetime) -> None:
    confirmed = at - timedelta(days=entry.confirmed_days_ago)
    made = confirmed - timedelta(days=40 + number)
    initiative = Initiative.objects.create(
        **_fields(entry, number),
        slug=base_slug(entry.name),
        status=Status.PUBLISHED,
        created_at=made,
        updated_at=confirmed,
        submitted_at=made,
        published_at=made + timedelta(days=1),
        confirmed_at=confirmed,
    )
    ModerationDecision.objects.create(
        initiative=initiative, decided_by=coordinator, decision=Decision.PUBLISHED, at=made + timedelta(days=1)
    )


def _queue(people: dict[str, User], at: datetime) -> None:
    for number, entry in enumerate(WAITING):
        _submit(entry, 60 + number, at - timedelta(days=entry.confirmed_days_ago))
    asked = _submit(ASKED, 70, at - timedelta(days=ASKED.confirmed_days_ago))
    if asked:
        decide(
            initiative=asked,
            actor=people["verbinder"],
            decision=Decision.CHANGES_REQUESTED,
            message=WHAT_TO_CHANGE,
            revision=asked.revision,
            at=at - timedelta(days=1),
        )


def _submit(entry: Entry, number: int, at: datetime) -> Initiative | None:
    """Handed in by somebody without an account; None when that was done before."""
    if Initiative.objects.filter(slug=base_slug(entry.name)).exists():
        return None
    draft = save_draft(key=Initiative().draft_key, actor=None, changes=_fields(entry, number), at=at)
    return submit(initiative=draft, actor=None, language="nl", at=at)


def _draft(owner: User, at: datetime) -> None:
    if not Initiative.objects.filter(status=Status.DRAFT, registered_by=owner).exists():
        begun = {
            "name": "De Draad op de Markt",
            "kind": Kind.SOCIAL_ENTERPRISE,
            "activity": Activity.SEWING,
            "summary": "Onze kraam op de Dappermarkt.",
        }
        save_draft(key=Initiative().draft_key, actor=owner, changes=begun, at=at)


def _contacts(oost: Area, municipality: User) -> None:
    contact, _made = AreaContact.objects.get_or_create(
        user=municipality,
        defaults={
            "name": municipality.name,
            "function": "Gebiedsmakelaar",
            "organisation": "Gemeente Amsterdam, stadsdeel Oost",
            "topics": [Topic.SPACE, Topic.PERMITS, Topic.MONEY],
            "phone": "+31200000301",
            "email": municipality.email,
        },
    )
    contact.areas.add(oost)
