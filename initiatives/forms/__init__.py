from initiatives.forms.edit import EditForm
from initiatives.forms.hours import HoursForm
from initiatives.forms.moderate import DecisionForm
from initiatives.forms.offer import OfferForm
from initiatives.forms.photos import PhotoForm
from initiatives.forms.reach import ReachForm
from initiatives.forms.step import StepForm
from initiatives.forms.team import InviteForm
from initiatives.forms.where import WhereForm
from initiatives.forms.who import WhoForm

__all__ = ["DecisionForm", "EditForm", "HoursForm", "InviteForm", "OfferForm", "PhotoForm", "ReachForm", "StepForm", "WhereForm", "WhoForm"]
