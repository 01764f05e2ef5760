import factory
from factory.django import DjangoModelFactory

from fieldlab.accounts.models import User

PASSWORD = "tests-and-demo-only"


class UserFactory(DjangoModelFactory):
    """Cannot sign in with a password: `UserFactory(password=PASSWORD)` can, and costs the time of a hash."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person-{n}@demo.example")
    name = factory.Sequence(lambda n: f"Person {n}")

    class Params:
        coordinator = factory.Trait(is_coordinator=True, needs_second_factor=True, employer="Fieldlab")
        decides = factory.Trait(decides_on_benefits=True, employer="Gemeente, uitkeringen")

    @classmethod
    def _create(cls, model_class, *_args, password=None, **fields):
        return model_class.objects.create_user(password=password, **fields)
