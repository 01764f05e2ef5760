"""What an app puts in its own urls.py: `acceptance_paths(Model)` for the link in the mail, and, for a role of the whole
network, `management_paths(Form, can_invite)` for the page on which it is invited to. Names: `<model>_accept`, `<model>_list`,
`<model>_resend`, `<model>_revoke`, where <model> is the class name in small letters.
"""

from collections.abc import Callable

from django.urls import URLPattern, path

from fieldlab.accounts.invitations import views
from fieldlab.accounts.invitations.forms import InvitationForm
from fieldlab.accounts.models import Invitation, User


def acceptance_paths(model: type[Invitation]) -> list[URLPattern]:
    return [path(f"uitnodiging/{model.slug}/<str:token>/", views.accept, {"model": model}, name=f"{model._meta.model_name}_accept")]


def management_paths(form_class: type[InvitationForm], can_invite: Callable[[User], bool]) -> list[URLPattern]:
    model: type[Invitation] = form_class._meta.model
    base, name, shared = f"uitnodigingen/{model.slug}/", model._meta.model_name, {"form_class": form_class, "can_invite": can_invite}
    return [
        path(base, views.manage, shared, name=f"{name}_list"),
        path(f"{base}<uuid:pk>/opnieuw/", views.resend, shared, name=f"{name}_resend"),
        path(f"{base}<uuid:pk>/intrekken/", views.revoke, shared, name=f"{name}_revoke"),
    ]
