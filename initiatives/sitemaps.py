"""What search engines may find: an index, and maps of pages of a thousand addresses each, so that none is ever long to make."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from fieldlab.areas.models import Area
from initiatives.models import Initiative


class _Sitemap(Sitemap[Any]):
    """Addresses as people type them, whatever host asked."""

    limit = 1000
    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class InitiativeSitemap(_Sitemap):
    def items(self) -> Any:
        return Initiative.objects.published().order_by("pk").only("pk", "slug", "updated_at")

    def lastmod(self, item: Initiative) -> datetime:
        return item.updated_at

    def get_latest_lastmod(self) -> datetime | None:
        """Asked of the database: the parent reads every entry for it."""
        latest: datetime | None = Initiative.objects.published().aggregate(latest=Max("updated_at"))["latest"]
        return latest


class AreaSitemap(_Sitemap):
    def items(self) -> Any:
        return Area.objects.in_force().order_by("pk").only("pk", "code")

    def location(self, item: Area) -> str:
        return reverse("area", args=[item.code])

    def get_latest_lastmod(self) -> None:
        return None


class PageSitemap(_Sitemap):
    def items(self) -> list[str]:
        return ["home", "map", "for_initiatives", "about", "privacy", "accessibility", "complaints"]

    def location(self, item: str) -> str:
        return reverse(item)


SITEMAPS = {"pagina": PageSitemap, "initiatieven": InitiativeSitemap, "gebieden": AreaSitemap}
