from initiatives.forms.edit import EditForm
from initiatives.forms.moderate import DecisionForm
from initiatives.forms.reach import ReachForm
from initiatives.forms.step import StepForm
from initiatives.forms.team import InviteForm
from initiatives.forms.where import WhereForm
from initiatives.forms.who import WhoForm

__all__ = ["DecisionForm", "EditForm", "InviteForm", "ReachForm", "StepForm", "WhereForm", "WhoForm"]
