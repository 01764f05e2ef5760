"""Who acts: the one way to reach rows about persons.

person_context opens the transaction and tells PostgreSQL, for that transaction only, who acts; row-level security lets through what
that actor may see, and the history of changes records them. Outside of it, tables about persons are empty.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol
from uuid import UUID

import pghistory
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

P = ParamSpec("P")


class Account(Protocol):
    pk: Any
    employer: Any


@dataclass(frozen=True)
class UserActor:
    """Somebody who signed in; `role` is the hat they wear on this page, such as "professional"."""

    user: Account
    role: str = ""


@dataclass(frozen=True)
class LinkActor:
    """A participant without an account, by a signed link made for `purpose`; also whoever signs up, for the row about to be made."""

    participant_id: UUID
    purpose: str


@dataclass(frozen=True)
class SystemActor:
    """The platform itself (a task, a command), for a stated reason. It sees every person."""

    reason: str


Actor = UserActor | LinkActor | SystemActor

_current: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current_actor() -> Actor:
    """Who acts. Raises RuntimeError outside of person_context."""
    actor = _current.get()
    if actor is None:
        raise RuntimeError("Data about persons is only reached inside person_context.")
    return actor


def described(actor: Actor) -> dict[str, Any]:
    """An actor as history keeps it: without name or e-mail address."""
    match actor:
        case UserActor(user, role):
            return {"kind": "user", "user": user.pk, "employer": user.employer, **({"role": role} if role else {})}
        case LinkActor(participant_id, purpose):
            return {"kind": "link", "participant": str(participant_id), "purpose": purpose}
        case SystemActor(reason):
            return {"kind": "system", "reason": reason}


def _as_told(actor: Actor | None) -> tuple[str, str, str]:
    """An actor as the policies of row-level security know them: of which kind, which account, which participant by a link."""
    match actor:
        case UserActor(user):
            return "user", str(user.pk), ""
        case LinkActor(participant_id):
            return "link", "", str(participant_id)
        case SystemActor():
            return "system", "", ""
    return "", "", ""


def _tell_database(actor: Actor | None) -> None:
    """One round trip; `true` keeps it within the transaction, so that a pooled connection forgets it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.actor_kind', %s, true), set_config('app.user_id', %s, true), set_config('app.link_id', %s, true)",
            _as_told(actor),
        )


def _check(actor: Actor) -> None:
    if isinstance(actor, UserActor) and actor.user.pk is None:
        raise ValueError("Somebody who did not sign in is no actor.")
    if isinstance(actor, SystemActor) and not actor.reason.strip():
        raise ValueError("The system gives a reason.")


@contextmanager
def person_context(actor: Actor, *, reason: str = "") -> Iterator[None]:
    """Run the block in a transaction as `actor`; `reason` goes into the history of what changes in it.

    A context inside a context is a savepoint with its own actor, after which the outer one acts again. In a transaction that
    something else opened it raises RuntimeError: who acts must be known from the transaction's first statement.
    """
    _check(actor)
    with transaction.atomic(durable=_current.get() is None), _acting(actor, reason):
        yield


@contextmanager
def as_platform(reason: str) -> Iterator[None]:
    """Run the block as the platform: what follows from an action follows whoever did it.

    As person_context(SystemActor(reason)), but within another context without a savepoint: it asks the database nothing where the
    platform acts already. An error undoes what stands around it, such as a whole action; until then Django lets no more queries through.
    """
    _check(SystemActor(reason))
    outermost = _current.get() is None
    with transaction.atomic(durable=outermost, savepoint=outermost), _acting(SystemActor(reason)):
        yield


@contextmanager
def _acting(actor: Actor, reason: str = "") -> Iterator[None]:
    outer = _current.get()
    # Of an outer context, or of Django's TestCase
    within = outer is not None or len(connection.atomic_blocks) > 1
    another = outer is None or _as_told(outer) != _as_told(actor)
    with pghistory.context() as history:
        before = dict(history.metadata)
        token = _current.set(actor)
        if another:
            _tell_database(actor)
        history.metadata.update(described(actor), **({"reason": reason} if reason else {}))
        try:
            yield
            if within and another:
                # Settings outlive a savepoint that succeeds; one that fails takes them back by itself.
                _tell_database(outer)
        finally:
            _current.reset(token)
            history.metadata.clear()
            history.metadata.update(before)


def person_page(
    *, reason: str, role: str = ""
) -> Callable[[Callable[Concatenate[HttpRequest, P], HttpResponseBase]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Decorate a view of somebody who signed in: the view and its template run inside their person_context."""

    def decorate(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            with person_context(UserActor(request.user, role), reason=reason):  # type: ignore[arg-type]
                return rendered(view(request, *args, **kwargs))

        return page

    return decorate


def rendered(response: HttpResponseBase) -> HttpResponse:
    """The response with its content made now, inside the context, and kept by no cache.

    Raises RuntimeError for one that streams: it would read later.
    """
    if not isinstance(response, HttpResponse):
        raise RuntimeError("A page about persons cannot stream: it would be read after its context has ended.")
    add_never_cache_headers(response)  # phones and desks are shared
    render = getattr(response, "render", None)
    return render() if callable(render) else response
