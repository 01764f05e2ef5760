"""What search engines read of a page (schema.org as JSON-LD). Only what every visitor of the page reads too."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from fieldlab.areas.models import Area
from fieldlab.lib.opening import OpeningHours
from initiatives import channels
from initiatives.models import Access, Initiative, Kind

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
# What would end the element, or begin another, inside a script of data
ESCAPES = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
GROUPS = {Kind.RESIDENTS_GROUP, Kind.INFORMAL_GROUP}


def describe(initiative: Initiative, at: datetime) -> dict[str, Any]:
    """A place one can walk into is a LocalBusiness, a group an NGO, all else an Organization."""
    place = bool(initiative.street) and initiative.access != Access.NO_FIXED_PLACE
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NGO" if initiative.kind in GROUPS else "LocalBusiness" if place else "Organization",
        "@id": settings.SITE_URL + initiative.get_absolute_url(),
        "url": settings.SITE_URL + initiative.get_absolute_url(),
        "name": initiative.name,
        "description": initiative.summary,
        "telephone": initiative.public_phone,
        "email": initiative.public_email,
        "image": picture_url(initiative),
        "areaServed": initiative.area.name if initiative.area else "",
        "sameAs": _elsewhere(initiative),
        "knowsLanguage": initiative.languages,
    }
    if place:
        data["address"] = _address(initiative)
    hours = initiative.hours
    if place and initiative.location:
        data["geo"] = {"@type": "GeoCoordinates", "latitude": initiative.location.lat, "longitude": initiative.location.lon}
    if hours and data["@type"] == "LocalBusiness":
        data["openingHoursSpecification"] = [*_week(hours), *_exceptions(hours, at)]
    return {name: value for name, value in data.items() if value}


def describe_area(area: Area, above: list[Area], initiatives: list[Initiative]) -> list[dict[str, Any]]:
    """The area, the way to it from the district down, and what stands on this page."""
    way = [*above, area]
    return [
        {
            "@context": "https://schema.org",
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": number, "name": each.name, "item": settings.SITE_URL + reverse("area", args=[each.code])}
                for number, each in enumerate(way, 1)
            ],
        },
        {
            "@context": "https://schema.org",
            "@type": "ItemList",
            "name": area.name,
            "itemListElement": [
                {"@type": "ListItem", "position": number, "name": each.name, "url": settings.SITE_URL + each.get_absolute_url()}
                for number, each in enumerate(initiatives, 1)
            ],
        },
    ]


def script(data: Any) -> SafeString:
    """A block of data: no script that runs, so the content security policy lets it be."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 - escaped just before


def picture_url(initiative: Initiative) -> str:
    """Its photo, for who shows a link to the page; empty without one: what we draw is SVG, which those do not show."""
    if initiative.photo is None:
        return ""
    return settings.SITE_URL + reverse("photo", args=[initiative.photo.pk, initiative.photo.width])


def _elsewhere(initiative: Initiative) -> list[str]:
    """Its own pages elsewhere; not a telephone number in the form of a link."""
    public = [channel.href for channel in channels.read(initiative.channels) if channel.public and not channel.address.startswith("+")]
    return [initiative.website, *public] if initiative.website and initiative.website_public else public


def _address(initiative: Initiative) -> dict[str, str]:
    return {
        "@type": "PostalAddress",
        "streetAddress": initiative.street_and_number,
        "postalCode": initiative.postcode,
        "addressLocality": initiative.city,
        "addressCountry": "NL",
    }


def _week(hours: OpeningHours) -> list[dict[str, Any]]:
    return [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": DAYS[day], **_times(*opening)}
        for day, openings in enumerate(hours.by_weekday())
        for opening in openings
    ]


def _exceptions(hours: OpeningHours, at: datetime) -> list[dict[str, Any]]:
    """Those to come; closed is told as open from 0.00 to 0.00 hours."""
    return [
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": each.first.isoformat(),
            "validThrough": each.last.isoformat(),
            **_times(*opening),
        }
        for each in hours.coming(at)
        for opening in each.hours or ((0, 0),)
    ]


def _times(opens: int, closes: int) -> dict[str, str]:
    return {"opens": _clock(opens), "closes": _clock(min(closes, 23 * 60 + 59))}


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
