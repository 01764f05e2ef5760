import pytest
from django.test import override_settings
from django.utils import timezone

from fieldlab.lib.geo import Point
from tests.factories.areas import NeighbourhoodFactory, square
from tests.servers.pdok import pdok as pdok_server


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def service():
    """A well-behaved address service; `.state.mood` changes that."""
    with pdok_server() as server, override_settings(PDOK_LOCATIESERVER_URL=server.url):
        yield server


@pytest.fixture
def java_buurt(db):
    """The neighbourhood around Javastraat 112."""
    centre, above = Point(4.94, 52.363), {"parent__name": "Indische Buurt", "parent__parent__name": "Oost", "parent__parent__code": "0363"}
    return NeighbourhoodFactory(name="Javabuurt", centre=centre, boundary=square(centre), **above)
