"""A plan on paper, to take home: goals with how far one feels one is, steps with where, who and when."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fieldlab.lib import phones
from fieldlab.lib.pdf import make_pdf
from participants.actions.plan_overview import GoalShown, PlanShown, StepShown

LONG_DAY, DAY = "l j F Y", "j F Y"
# Of each goal: the last few marks tell the way
MARKS = 4


def plan_pdf(plan: PlanShown, *, first_name: str, at: datetime) -> bytes:
    """A first name and no number: paper is left lying about."""
    data = {
        "language": get_language() or settings.LANGUAGE_CODE,
        "title": _("The plan of %(name)s") % {"name": first_name},
        "lead": _("This is your plan. It is voluntary. You may always change it."),
        "goals_title": _("What do I want?"),
        "goals": [_goal(goal) for goal in plan.goals],
        "steps_title": _("What do I do?"),
        "steps": [_step(step) for step in plan.steps],
        "none": _("Nothing yet."),
        "foot": [
            *(_("We ask how it is going: %(day)s") % {"day": date_format(each.on, LONG_DAY)} for each in plan.follow_ups),
            _("Do you have a question? Call %(phone)s, %(hours)s.")
            % {"phone": phones.display(settings.HELP_PHONE), "hours": settings.HELP_HOURS},
            _("Printed on %(date)s.") % {"date": date_format(localtime(at), DAY)},
        ],
    }
    return make_pdf("participants/plan/plan.typ", data, at=at)


def _goal(goal: GoalShown) -> dict[str, Any]:
    marks = [{"far": mark.far, "words": f"{date_format(mark.on, DAY)}: {mark.words}"} for mark in goal.marks[-MARKS:]]
    return {"words": goal.words, "marks": marks}


def _step(step: StepShown) -> dict[str, Any]:
    kind, place, day = str(step.step.get_kind_display()), step.step.initiative, step.step.due_on
    lines = [
        ", ".join(filter(None, [place.name, place.street_and_number])) if place else "",
        date_format(day, LONG_DAY) if day else "",
        "" if step.is_result else _("Who: %(who)s.") % {"who": step.step.get_done_by_display()},
    ]
    if step.asked and step.asked.hand_over.stands:
        comes = localtime(step.asked.hand_over.comes_at)
        lines.append(_("Agreed: %(day)s at %(time)s") % {"day": date_format(comes, LONG_DAY), "time": date_format(comes, "H.i")})
    return {"what": kind[:1].upper() + kind[1:], "lines": list(filter(None, lines)), "why": step.why}
