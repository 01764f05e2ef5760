"""A plan: goals in own words, steps, follow-ups; who sees it, and what stays of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldlab.accounts.actions import change_employment
from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.audit.models import AccessRecord
from fieldlab.lib.errors import DomainError
from initiatives.models import Language, Offer, Room
from participants.actions import erase_participant, grant_access, plans
from participants.actions.plan_overview import MOST_DRAWN, WIDTH, drawn, plan_of
from participants.models import AccessReason, DoneBy, FollowUp, Goal, GoalMark, Participant, PlanStep, StepKind, StepStatus
from participants.papers.plan import plan_pdf
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.factories.participants import give_own_account, make_participant, make_professional
from tests.factories.plans import allow_sharing, make_goal, make_hand_over, make_plan, make_step
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db

HOSTILE = ["=cmd()", "🙂🙂", "مرحبا", "é", "<script>alert(1)</script>", "{{ 7|add:7 }}", "\u202etxt"]


@pytest.fixture
def professional():
    return make_professional()


@pytest.fixture
def participant(professional):
    return make_participant(professional, first_name="Sara", last_name="Verborgen", phone="+31200004581")


def helping(professional):
    return person_context(UserActor(professional, "professional"))


def shown(participant, professional):
    with helping(professional):
        return plan_of(Participant.objects.select_related("key").get(pk=participant.pk))


# --- Goals


def test_a_goal_keeps_their_words_and_every_mark(professional, participant):
    goal = make_goal(participant, professional, "  Kleren maken,\n voor anderen ", 1, 3)
    (found,) = shown(participant, professional).goals
    assert (found.words, [mark.far for mark in found.marks], str(found.last.words)) == ("Kleren maken, voor anderen", [1, 3], "bijna")
    with helping(professional):
        plans.drop_goal(goal=goal, at=timezone.now())
        with pytest.raises(DomainError):
            plans.mark_goal(goal=goal, far=2, at=timezone.now())
    plan = shown(participant, professional)
    assert (plan.goals, [each.words for each in plan.dropped]) == ([], ["Kleren maken, voor anderen"])
    with helping(professional):
        plans.take_goal_back(goal=goal, at=timezone.now())
    assert len(shown(participant, professional).goals) == 1


@pytest.mark.parametrize("far", [-1, 5, 100])
def test_a_mark_is_one_of_five(professional, participant, far):
    goal = make_goal(participant, professional)
    with helping(professional), pytest.raises(DomainError):
        plans.mark_goal(goal=goal, far=far, at=timezone.now())


def test_the_participant_does_the_same_by_their_own_code(professional, participant):
    with person_context(LinkActor(participant.pk, "code")):
        own = Participant.objects.select_related("key").get()
        goal = plans.add_goal(participant=own, words="Nederlands leren", at=timezone.now())
        plans.mark_goal(goal=goal, far=0, at=timezone.now())
        step = plans.add_step(participant=own, kind=StepKind.KEEP, actor=None, at=timezone.now())
        plans.set_status(step=step, status=StepStatus.DOING, at=timezone.now())
        reasons = {record.reason for record in AccessRecord.objects.filter(what="plan")}
    assert {"adds a goal", "says how far they are", "adds a step", "says how a step goes"} <= reasons
    assert [each.is_result for each in shown(participant, professional).steps] == [True]


def test_too_long_too_many_and_empty_words_are_refused(professional, participant):
    with helping(professional):
        for words in ("", "  \n ", "x" * 501):
            with pytest.raises(DomainError):
                plans.add_goal(participant=participant, words=words, at=timezone.now())
        for number in range(plans.MOST_GOALS):
            plans.add_goal(participant=participant, words=f"Doel {number}", at=timezone.now())
        with pytest.raises(DomainError):
            plans.add_goal(participant=participant, words="Nog een", at=timezone.now())


def test_of_a_day_the_last_mark_is_drawn_and_the_line_stays_inside():
    at = timezone.now()
    assert [mark.far for mark in drawn([(at, 1), (at + timedelta(seconds=1), 4)])] == [4]
    many = drawn((at + timedelta(days=day), day % 5) for day in range(30))
    assert len(many) == MOST_DRAWN
    assert all(0 < mark.x < WIDTH for mark in many)
    assert [mark.x for mark in many] == sorted({mark.x for mark in many})


# --- Steps


def test_a_step_says_what_where_who_when_and_why(professional, participant):
    place, day = InitiativeFactory(), timezone.localdate() + timedelta(days=7)
    step = make_step(participant, professional, initiative=place, due_on=day, why="Ik naai graag", done_by=DoneBy.TOGETHER)
    (found,) = shown(participant, professional).steps
    assert (found.step.initiative, found.step.due_on, found.why, found.step.done_by) == (place, day, "Ik naai graag", DoneBy.TOGETHER)
    with helping(professional):
        plans.change_step(step=step, done_by=DoneBy.PARTICIPANT, due_on=None, why="", at=timezone.now())
        assert PlanStep.objects.get().why is None
        plans.set_status(step=step, status=StepStatus.DONE, at=timezone.now())
    plan = shown(participant, professional)
    assert (plan.steps, len(plan.over)) == ([], 1)


def test_what_changed_in_a_step_is_history_without_its_words(professional, participant):
    step = make_step(participant, professional, why="Zwaluwstaart")
    with helping(professional):
        plans.set_status(step=step, status=StepStatus.DOING, at=timezone.now())
    with person_context(SystemActor("a test")):
        events = list(PlanStep.pgh_event_model.objects.order_by("pgh_id").values())
    assert [event["status"] for event in events] == ["planned", "doing"]
    assert all("why" not in event for event in events)


def test_nothing_for_now_has_no_place_and_a_day_lies_ahead(professional, participant):
    for wrong in (
        {"kind": StepKind.NOTHING, "initiative": InitiativeFactory()},
        {"initiative": InitiativeFactory(submitted=True)},
        {"due_on": timezone.localdate() - timedelta(days=1)},
        {"due_on": timezone.localdate() + timedelta(days=4000)},
    ):
        with pytest.raises(DomainError):
            make_step(participant, professional, **wrong)
    assert make_step(participant, professional, kind=StepKind.NOTHING).initiative is None


def test_a_follow_up_is_once_a_day_and_done_once(professional, participant):
    on = timezone.localdate() + timedelta(days=14)
    with helping(professional):
        moment = plans.add_follow_up(participant=participant, on=on, professional=professional, at=timezone.now())
        with pytest.raises(DomainError):
            plans.add_follow_up(participant=participant, on=on, professional=professional, at=timezone.now())
        with pytest.raises(DomainError):
            plans.add_follow_up(participant=participant, on=on - timedelta(days=40), professional=professional, at=timezone.now())
        done = plans.finish_follow_up(follow_up=moment, at=timezone.now()).done_at
        assert plans.finish_follow_up(follow_up=moment, at=timezone.now() + timedelta(hours=1)).done_at == done
        plans.remove_follow_up(follow_up=moment, at=timezone.now())
        assert FollowUp.objects.count() == 1, "what was done stays"


# --- Suggestions, with the database


def test_suggested_are_published_places_near_by_with_the_reason(professional):
    participant = make_participant(professional, first_name="Selam", languages=("ti", "nl"))
    near = InitiativeFactory(languages=[Language.TIGRINYA], offers=[Offer.WORK], room=Room.YES, room_at=timezone.now())
    far = InitiativeFactory(languages=[Language.DUTCH], offers=[Offer.WORK])
    InitiativeFactory(submitted=True, area=near.area)
    old = InitiativeFactory(area=near.area, room=Room.YES, room_at=timezone.now() - timedelta(days=90))
    with helping(professional):
        participant = Participant.objects.select_related("key").get(pk=participant.pk)
        participant.neighbourhood = near.area
        found = plans.suggested_places(participant=participant, details=participant.open(), kind=StepKind.INITIATIVE, at=timezone.now())
        lessons = plans.suggested_places(participant=participant, details=participant.open(), kind=StepKind.LANGUAGE, at=timezone.now())
        none = plans.suggested_places(participant=participant, details=participant.open(), kind=StepKind.NOTHING, at=timezone.now())
    assert [each.initiative for each in found] == [near, old, far]
    assert found[0].because.reasons == ("50 m", "spreekt Tigrinya", "plek nu")
    assert "plek nu" not in found[1].because.reasons, "what was said three months ago is not believed"
    assert (lessons, none) == ([], [])


# --- Walls


def test_nobody_but_they_and_who_helps_them_sees_a_plan(professional, participant):
    made = make_plan(participant, professional)
    place = made.hand_over.initiative
    strangers = [
        make_professional(),
        UserFactory(),
        UserFactory(coordinator=True),
        MemberFactory(initiative=place).user,
        MemberFactory().user,
        UserFactory(decides=True),
    ]
    tables = (Goal, GoalMark, PlanStep, FollowUp)
    for stranger in strangers:
        with person_context(UserActor(stranger)):
            assert [model.objects.count() for model in tables] == [0, 0, 0, 0], "row-level security alone"
            assert PlanStep.objects.visible_to(stranger).count() == 0
        response = signed_in(stranger).get(reverse("plan", args=[participant.pk]))
        assert response.status_code == 404
    with helping(professional):
        assert [model.objects.count() for model in tables] == [1, 2, 1, 1]
    assert [model.objects.count() for model in tables] == [0, 0, 0, 0], "outside of a context"


def test_a_colleague_who_was_given_access_and_decides_since_sees_no_plan(professional, participant):
    make_plan(participant, professional)
    colleague = make_professional()
    with helping(professional):
        grant_access(participant=participant, user=colleague, reason=AccessReason.SUPPORT, actor=professional)
    assert signed_in(colleague).get(reverse("plan", args=[participant.pk])).status_code == 200
    boss = UserFactory(coordinator=True)
    change_employment(actor=boss, user=colleague, employer="Gemeente", decides_on_benefits=True, reason="ander werk", at=timezone.now())
    assert signed_in(colleague).get(reverse("plan", args=[participant.pk])).status_code == 404


def test_ids_of_another_person_are_not_found(professional, participant):
    make_plan(participant, professional)
    other = make_participant(professional)
    foreign = make_plan(other, professional)
    client = signed_in(professional)
    for name, values in {
        "plan_step_change": {"step": foreign.step.pk},
        "hand_over_new": {"step": foreign.step.pk},
        "hand_over": {"asked": foreign.hand_over.pk},
    }.items():
        assert client.get(reverse(name, kwargs={"pk": participant.pk, **values})).status_code == 404
    for name, values in {"plan_goal_change": {"goal": foreign.goal.pk}, "plan_follow_up_change": {"moment": foreign.follow_up.pk}}.items():
        assert client.post(reverse(name, kwargs={"pk": participant.pk, **values})).status_code == 404


# --- Pages


def test_the_pages_ask_as_much_of_the_database_for_three_as_for_one(professional, participant):
    me = UserFactory()
    give_own_account(participant, me)
    allow_sharing(participant, professional)

    def more():
        make_goal(participant, professional, "Kleren maken", 1, 2)
        make_hand_over(make_step(participant, professional), professional)

    assert_constant_queries(signed_in(professional), reverse("plan", args=[participant.pk]), more)
    assert_constant_queries(signed_in(me), reverse("own_plan"), more)
    ask = reverse("plan_step", args=[participant.pk]) + "?soort=initiative"
    assert_constant_queries(signed_in(professional), ask, InitiativeFactory)
    assert_constant_queries(signed_in(professional), reverse("plan_print", args=[participant.pk]), more)


def test_a_plan_is_made_by_its_forms(professional, participant):
    client, at = signed_in(professional), timezone.localdate() + timedelta(days=30)
    InitiativeFactory(name="Naaiatelier", slug="naaiatelier")
    page = client.get(reverse("plan_step", args=[participant.pk]))
    assert "wil dat zo houden" in page.content.decode()
    step = reverse("plan_step", args=[participant.pk]) + "?soort=initiative"
    assert "Naaiatelier" in client.get(step).content.decode()
    said = {"other_place": "naaiatelier", "done_by": "together", "due_on": at.isoformat(), "why": "Ik naai graag"}
    assert client.post(step, said).status_code == 302
    assert client.post(reverse("plan_goal", args=[participant.pk]), {"words": "Kleren maken"}).status_code == 302
    assert client.post(reverse("plan_follow_up", args=[participant.pk]), {"on": at.isoformat()}).status_code == 302
    again = client.post(reverse("plan_follow_up", args=[participant.pk]), {"on": at.isoformat()})
    assert again.status_code == 422
    plan = shown(participant, professional)
    goal, made = plan.goals[0].goal, plan.steps[0].step
    assert client.post(reverse("plan_goal_change", args=[participant.pk, goal.pk]), {"far": "3"}).status_code == 302
    assert client.post(reverse("plan_step_change", args=[participant.pk, made.pk]), {"status": "doing"}).status_code == 302
    changed = {"done_by": "participant", "due_on": "", "why": "Samen is leuker"}
    assert client.post(reverse("plan_step_change", args=[participant.pk, made.pk]), changed).status_code == 302
    body = client.get(reverse("plan", args=[participant.pk])).content.decode()
    for words in ("Kleren maken", "bijna", "Naaiatelier", "Samen is leuker", "polyline"):
        assert words in body


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_taken_and_neutral(professional, participant, words):
    client = signed_in(professional)
    assert client.post(reverse("plan_goal", args=[participant.pk]), {"words": words}).status_code == 302
    body = client.get(reverse("plan", args=[participant.pk])).content.decode()
    assert "<script>alert(1)" not in body
    paper = client.get(reverse("plan_print", args=[participant.pk]))
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")


@pytest.mark.parametrize("words", ["x" * 10_000, "a\x00b", ""])
def test_what_cannot_be_kept_is_said_and_stays_typed(professional, participant, words):
    client = signed_in(professional)
    for name, field, more in (("plan_goal", "words", {}), ("plan_step", "why", {"done_by": "participant"})):
        address = reverse(name, args=[participant.pk]) + ("?soort=coach" if name == "plan_step" else "")
        response = client.post(address, {field: words, "x": "1", **more})
        if not words and field == "why":
            assert response.status_code == 302
            continue
        assert response.status_code == 422
        assert words[:200].replace("\x00", "") in response.content.decode().replace("\x00", "")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "=cmd()", "99999999999"])
def test_impossible_days_are_refused(professional, participant, day):
    client = signed_in(professional)
    response = client.post(reverse("plan_follow_up", args=[participant.pk]), {"on": day})
    assert response.status_code == 422
    step = client.post(reverse("plan_step", args=[participant.pk]) + "?soort=coach", {"due_on": day, "done_by": "participant"})
    assert step.status_code == 422


def test_one_does_not_help_oneself(professional):
    participant = make_participant(make_professional())
    give_own_account(participant, professional)
    assert signed_in(professional).get(reverse("plan", args=[participant.pk])).status_code == 404
    assert signed_in(professional).get(reverse("own_plan")).status_code == 200


def test_the_paper_has_a_first_name_and_no_more(professional, participant):
    make_plan(participant, professional)
    plan = shown(participant, professional)
    assert plan_pdf(plan, first_name="Sara", at=timezone.now()).startswith(b"%PDF-")
    response = signed_in(professional).get(reverse("plan_print", args=[participant.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert "Sara" not in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]


def test_after_erasing_no_word_of_a_plan_opens(professional, participant):
    make_goal(participant, professional, "Zwaluwstaart")
    make_step(participant, professional, why="Zwaluwstaart")
    with person_context(SystemActor("a test")):
        erase_participant(participant=participant, reason="asked", at=timezone.now())
        participant = Participant.objects.get(pk=participant.pk)
        assert not hasattr(participant, "key")
    assert signed_in(professional).get(reverse("plan", args=[participant.pk])).status_code == 404
