"""Somebody in every role, and two of everything they could wrongly reach."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.db import models
from django.utils import timezone

from challenge.models import JuryInvitation, JuryMember
from fieldlab.accounts.models import CoordinatorInvitation, Invitation, User
from fieldlab.areas.models import Area
from fieldlab.figures.models import Researcher, ResearcherInvitation
from initiatives.models import (
    AreaContact,
    BoundarySpanner,
    ContactInvitation,
    Initiative,
    InitiativeMember,
    Introduction,
    JoinRequest,
    MemberInvitation,
)
from participants.models import Appointment, IntakeReport, Participant, ParticipantAccess, Professional, ProfessionalInvitation
from tests.factories import outbox
from tests.factories.accounts import UserFactory
from tests.factories.areas import DistrictFactory, NeighbourhoodFactory, QuarterFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, make_contact, make_photo, make_spanner
from tests.factories.participants import access_of, ask_for_call, give_own_account, make_participant, make_professional
from tests.factories.plans import Plan, make_plan
from tests.factories.reports import make_report
from tests.factories.talks import agreed
from workshops.models import Facilitator, FacilitatorInvitation

# Stands in an entry of another district that is not published: nobody but its team and the coordinators may ever read it.
HIDDEN = "Onzichtbaar7391"
# Of the participant whom the professional helps; and of another, whom nobody here may ever see.
HIDDEN_PERSON, HIDDEN_PHONE = "Verborgen4862", "+31200004862"
HIDDEN_ELSEWHERE = "Elders5173"


class Role(StrEnum):
    ANONYMOUS = "anonymous"
    PLAIN = "plain user"
    OWNER = "owner of the initiative"
    EDITOR = "editor of the initiative"
    STRANGER = "owner of another initiative"
    SPANNER = "boundary spanner of the district"
    PROFESSIONAL = "professional"
    FACILITATOR = "facilitator"
    JURY = "jury member"
    CONTACT = "municipal contact"
    RESEARCHER = "researcher"
    PARTICIPANT = "participant"
    COORDINATOR = "coordinator"
    DECIDER = "decides on benefits, and has every role"


NOBODY: frozenset[Role] = frozenset()
EVERYBODY = frozenset(Role)
SIGNED_IN = EVERYBODY - {Role.ANONYMOUS}
COORDINATORS = frozenset({Role.COORDINATOR, Role.DECIDER})
OWNERS = frozenset({Role.OWNER, Role.DECIDER})
TEAM = frozenset({Role.OWNER, Role.EDITOR, Role.DECIDER})
MODERATORS = frozenset({Role.SPANNER, *COORDINATORS})
SEE_HIDDEN = frozenset({Role.STRANGER, *COORDINATORS})
SEE_PERSON = frozenset({Role.PROFESSIONAL, Role.PARTICIPANT})


@dataclass
class World:
    """What there is in a test: `users` by role, and objects; those called `…_elsewhere` lie in another district."""

    area: Area
    published: Initiative
    submitted: Initiative
    published_elsewhere: Initiative
    submitted_elsewhere: Initiative
    member: InitiativeMember
    member_elsewhere: InitiativeMember
    contact: AreaContact
    introduction: Introduction
    join: JoinRequest
    join_elsewhere: JoinRequest
    # The professional helps this participant, who is the one with an account; somebody else helps the other
    person: Participant
    person_elsewhere: Participant
    # Of that participant; what was asked, was asked of a place of which nobody here is a member
    plan: Plan
    # By which the professional sees them
    access: ParticipantAccess
    # Of each of the two, with whoever helps them
    appointment: Appointment
    appointment_elsewhere: Appointment
    # Approved, of each of the two
    report: IntakeReport
    report_elsewhere: IntakeReport
    users: dict[Role, User] = field(default_factory=dict)
    invitations: dict[type[Invitation], Invitation] = field(default_factory=dict)
    message: models.Model | None = None
    # Who wants to be called: by the professionals, and by the team of `published`
    wish: UUID | None = None
    wish_of_team: UUID | None = None


def make_world() -> World:
    now = timezone.now()
    here = NeighbourhoodFactory(parent=QuarterFactory(parent=DistrictFactory()))
    there = NeighbourhoodFactory(parent=QuarterFactory(parent=DistrictFactory()))
    district = here.parent.parent
    published, submitted = InitiativeFactory(area=here, slug="ours"), InitiativeFactory(area=here, slug="ours-to-be", submitted=True)
    published_elsewhere = InitiativeFactory(area=there, slug="theirs")
    submitted_elsewhere = InitiativeFactory(area=there, slug="theirs-to-be", submitted=True, name=HIDDEN, summary=HIDDEN)
    make_photo(published)
    make_photo(submitted_elsewhere)
    owner, editor, stranger = UserFactory(), UserFactory(), UserFactory()
    for initiative in (published, submitted):
        MemberFactory(initiative=initiative, user=owner)
    member = MemberFactory(initiative=published, user=editor, role=InitiativeMember.Role.EDITOR)
    MemberFactory(initiative=submitted, user=editor, role=InitiativeMember.Role.EDITOR)
    member_elsewhere = MemberFactory(initiative=published_elsewhere, user=stranger)
    MemberFactory(initiative=submitted_elsewhere, user=stranger)

    professional, decider, participant, contact = (
        make_professional(),
        UserFactory(coordinator=True, decides=True),
        UserFactory(),
        UserFactory(),
    )
    person = make_participant(professional, first_name=HIDDEN_PERSON, phone=HIDDEN_PHONE)
    person_elsewhere = make_participant(make_professional(), first_name=HIDDEN_ELSEWHERE)
    give_own_account(person, participant)
    for initiative in (published, submitted):
        MemberFactory(initiative=initiative, user=decider)
    BoundarySpanner.objects.create(user=decider, district=district)
    for model in (Professional, Facilitator, JuryMember, Researcher):
        model.objects.create(user=decider, since=now)
    contact_entry = make_contact(district, user=contact)
    facilitator, juror, researcher = (UserFactory(needs_second_factor=True) for _ in range(3))
    Facilitator.objects.create(user=facilitator, since=now)
    JuryMember.objects.create(user=juror, since=now)
    Researcher.objects.create(user=researcher, since=now)
    users = {
        Role.PLAIN: UserFactory(),
        Role.OWNER: owner,
        Role.EDITOR: editor,
        Role.STRANGER: stranger,
        Role.SPANNER: make_spanner(district),
        Role.PROFESSIONAL: professional,
        Role.FACILITATOR: facilitator,
        Role.JURY: juror,
        Role.CONTACT: contact,
        Role.RESEARCHER: researcher,
        Role.PARTICIPANT: participant,
        Role.COORDINATOR: UserFactory(coordinator=True),
        Role.DECIDER: decider,
    }
    return World(
        area=here,
        published=published,
        submitted=submitted,
        published_elsewhere=published_elsewhere,
        submitted_elsewhere=submitted_elsewhere,
        member=member,
        member_elsewhere=member_elsewhere,
        contact=contact_entry,
        introduction=Introduction.objects.create(asker=published_elsewhere, other=published, asked_at=now, told_at=now),
        join=JoinRequest.objects.create(initiative=published, name="Samir", email="samir@demo.example", asked_at=now),
        join_elsewhere=JoinRequest.objects.create(initiative=published_elsewhere, name="Samir", email="samir@demo.example", asked_at=now),
        users=users,
        invitations={model: _invite(model, published, contact_entry, now) for model in INVITATIONS},
        person=person,
        person_elsewhere=person_elsewhere,
        plan=make_plan(person, professional),
        access=access_of(person, professional),
        appointment=agreed(person, professional),
        appointment_elsewhere=agreed(person_elsewhere, person_elsewhere.created_by),
        report=make_report(person, professional, energy=HIDDEN_PERSON),
        report_elsewhere=make_report(person_elsewhere, person_elsewhere.created_by, energy=HIDDEN_ELSEWHERE),
        message=outbox.email(),
        wish=ask_for_call(area=here, first_name=HIDDEN_PERSON, phone=HIDDEN_PHONE),
        wish_of_team=ask_for_call(area=here, initiative=published),
    )


INVITATIONS = (
    CoordinatorInvitation,
    FacilitatorInvitation,
    JuryInvitation,
    ResearcherInvitation,
    ProfessionalInvitation,
    MemberInvitation,
    ContactInvitation,
)


def token(model: type[Invitation]) -> str:
    """What stands in the link of that invitation's mail."""
    return f"token-of-{model._meta.model_name}"


def _invite(model, initiative, contact, now):
    return model.objects.create(
        token_digest=hashlib.sha256(token(model).encode()).hexdigest(),
        email=f"{model._meta.model_name}@demo.example",
        name="Invited",
        decides_on_benefits=False,
        created_at=now,
        expires_at=now + timedelta(days=14),
        **{MemberInvitation: {"initiative": initiative}, ContactInvitation: {"contact": contact}}.get(model, {}),
    )
