"""What a page of ours costs above the framework: the public pages beside a bare Django view, same process, same middleware."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import NoReverseMatch, path, reverse

from fieldlab.urls import urlpatterns as ours
from tests.benchmarks.measure import Figure, measure

BARE = "a bare view with no middleware"


@login_not_required
def bare(request):
    return HttpResponse("<!doctype html><title>bare</title>")


urlpatterns = [*ours, path("bare/", bare)]


def run() -> Iterable[Figure]:
    with override_settings(ROOT_URLCONF=__name__):
        client = Client()
        with override_settings(MIDDLEWARE=[]):
            floor = Client()
            floor.get("/bare/")  # loads this handler's middleware: none
        yield measure("/healthz", lambda: client.get("/healthz"), BARE, lambda: floor.get("/bare/"))
        yield measure("a bare view behind our middleware", lambda: client.get("/bare/"), BARE, lambda: floor.get("/bare/"))
        for name in ("home", "map"):
            try:
                url = reverse(name)
            except NoReverseMatch:
                continue
            page = client.get(url)
            assert page.status_code == 200, f"{url} answers {page.status_code}"
            note = f"{len(page.content) / 1000:.1f} kB"
            yield measure(f"{url} ({name})", lambda url=url: client.get(url), BARE, lambda: floor.get("/bare/"), note=note)
