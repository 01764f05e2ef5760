"""An organisation's sign-in (OpenID Connect) on a real socket: `with oidc_server(User(sub="1", claims={…})) as url`."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import httpx

with warnings.catch_warnings(record=True):  # the library's own, about authlib, which insists on showing them
    from oidc_provider_mock import User, run_server_in_thread

__all__ = ["User", "approve", "oidc_server", "provider"]


@contextmanager
def quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def oidc_server(*users: User) -> Iterator[str]:
    for name in ("werkzeug", "oidc_provider_mock"):
        logging.getLogger(name).setLevel(logging.ERROR)
    with quiet(), run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


def provider(url: str, **settings: object) -> dict[str, object]:
    """One entry of OIDC_PROVIDERS."""
    return {
        "provider_id": "gemeente",
        "name": "Gemeente",
        "client_id": "fieldlab",
        "secret": "secret",
        "settings": {"server_url": url, **settings},
    }


def approve(address: str, sub: str) -> dict[str, str]:
    """What the person does over there: choose who they are. Returns the query with which they come back."""
    answer = httpx.post(address, data={"sub": sub})
    assert answer.status_code == 302, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
