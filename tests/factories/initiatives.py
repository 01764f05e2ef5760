from datetime import timedelta

import factory
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from factory.django import DjangoModelFactory

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from fieldlab.lib.pictures import widths
from initiatives.actions import photo_file
from initiatives.models import Access, Activity, AreaContact, BoundarySpanner, Initiative, InitiativeMember, Kind, Photo, Status
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory


class InitiativeFactory(DjangoModelFactory):
    """Published, with an address in the middle of its neighbourhood; `draft=True`, `submitted=True` and so on for the rest."""

    class Meta:
        model = Initiative

    name = factory.Sequence(lambda n: f"Initiative {n}")
    slug = factory.Sequence(lambda n: f"initiative-{n}")
    kind = Kind.SOCIAL_ENTERPRISE
    activity = Activity.SEWING
    summary = "We sew together."
    access = Access.WALK_IN
    street = "Javastraat"
    house_number = "112"
    postcode = "1094 HP"
    city = "Amsterdam"
    area = factory.SubFactory(NeighbourhoodFactory)
    location = factory.LazyAttribute(lambda initiative: initiative.area and initiative.area.centre)
    contact_name = "Nadia"
    phone = "+31200000456"
    email = factory.LazyAttribute(lambda initiative: f"{initiative.slug or 'draft'}@demo.example")
    phone_public = email_public = True
    status = Status.PUBLISHED
    created_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=9))
    updated_at = factory.SelfAttribute("created_at")
    submitted_at = factory.LazyAttribute(lambda initiative: initiative.created_at + timedelta(days=1))
    published_at = factory.LazyAttribute(lambda initiative: initiative.created_at + timedelta(days=2))
    confirmed_at = factory.SelfAttribute("published_at")

    class Params:
        draft = factory.Trait(status=Status.DRAFT, slug=None, submitted_at=None, published_at=None, confirmed_at=None)
        submitted = factory.Trait(status=Status.SUBMITTED, published_at=None)
        changes_requested = factory.Trait(status=Status.CHANGES_REQUESTED, published_at=None)
        archived = factory.Trait(status=Status.ARCHIVED)
        nowhere = factory.Trait(access=Access.NO_FIXED_PLACE, street="", house_number="", postcode="", city="", location=None)


class MemberFactory(DjangoModelFactory):
    """An owner; `role=Role.EDITOR` for an editor."""

    class Meta:
        model = InitiativeMember

    initiative = factory.SubFactory(InitiativeFactory)
    user = factory.SubFactory(UserFactory)
    role = InitiativeMember.Role.OWNER
    since = factory.LazyFunction(timezone.now)


def make_spanner(district: Area, **fields) -> User:
    """A boundary spanner of `district`."""
    user = UserFactory(**fields)
    BoundarySpanner.objects.create(user=user, district=district)
    return user


def make_contact(*areas: Area, **fields) -> AreaContact:
    values = {"name": "Anneke de Wit", "function": "Gebiedsmakelaar", "organisation": "Gemeente", "phone": "+31200000301", **fields}
    contact = AreaContact.objects.create(**values)
    contact.areas.set(areas)
    return contact


def district_of(initiative: Initiative) -> Area:
    return initiative.area.parent.parent


def make_photo(initiative: Initiative, **fields) -> Photo:
    """A photo of 320 pixels wide with its file, on the page of `initiative`."""
    values = {"alternative_text": "A long table with sewing machines", "width": 320, "height": 200, "uploaded_at": timezone.now(), **fields}
    photo = Photo.objects.create(initiative=initiative, **values)
    for width in widths(photo.width):
        default_storage.save(photo_file(photo.key, width), ContentFile(_WEBP))
    initiative.photo = photo
    initiative.save(update_fields=["photo"])
    return photo


# The smallest there is: one grey point
_WEBP = bytes.fromhex("524946461a000000574542505650384c0d0000002f00000010071011118888fe0700")
