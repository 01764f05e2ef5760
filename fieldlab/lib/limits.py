"""How often one visitor may do something that costs others: write rows, send mail."""

import redis
from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest


def too_often(request: HttpRequest, what: str, *, most: int, seconds: int, if_unknown: bool = False) -> bool:
    """Count this time; whether the same address has now done `what` more than `most` times in `seconds`.

    Without Redis nobody is held back: what this guards must go on working. A door that must stay shut then says `if_unknown=True`.
    """
    key = f"limit:{what}:{get_adapter().get_client_ip(request)}"
    try:
        cache.add(key, 0, timeout=seconds)
        return cache.incr(key) > most
    except ValueError:  # the time ended between the two
        return False
    except redis.RedisError:
        return if_unknown
