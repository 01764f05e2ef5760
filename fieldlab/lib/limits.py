"""How often one visitor may do something that costs others: write rows, send mail."""

from ipaddress import ip_address, ip_network

import redis
from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def too_often(request: HttpRequest, what: str, *, most: int, seconds: int, if_unknown: bool = False) -> bool:
    """Count this time; whether the same address has now done `what` more than `most` times in `seconds`.

    Without Redis nobody is held back: what this guards must go on working. A door that must stay shut then says `if_unknown=True`.
    """
    return _counted(f"{what}:{_visitor(request)}", most, seconds, if_unknown)


def too_often_about(whom: str, what: str, *, most: int, seconds: int) -> bool:
    """As too_often, whoever does it: about one number or address, of which nothing can be read from what is kept."""
    return _counted(f"{what}:about:{salted_hmac('limits', whom, algorithm='sha256').hexdigest()}", most, seconds, False)


def _visitor(request: HttpRequest) -> str:
    """Somebody with IPv6 has as many addresses as they like, within one network of 64 bits."""
    address = get_adapter().get_client_ip(request)
    try:
        known = ip_address(address)
    except ValueError:
        return str(address)
    return str(ip_network((known, 64), strict=False)) if known.version == 6 else str(known)


def _counted(of: str, most: int, seconds: int, if_unknown: bool) -> bool:
    key = f"limit:{of}"
    try:
        cache.add(key, 0, timeout=seconds)
        return cache.incr(key) > most
    except ValueError:  # the time ended between the two
        return False
    except redis.RedisError:
        return if_unknown
