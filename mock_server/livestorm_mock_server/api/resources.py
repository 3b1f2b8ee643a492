"""What the API offers: its endpoints, their scopes, and what a scenario adds to them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from .. import grounds
from ..collections.declared import Collection
from ..exchange import Exchange
from ..rails.errors import NotFound
from ..rails.parameters import wire_names
from ..rails.response import Response, dump_json, public_exception, render
from ..rails.text import escape_html, to_s
from ..routing import Action, Route
from .credentials import Caller
from .organizations import show_organization
from .people import show_me
from .ping import ping
from .protection import Show, protect

IDENTITY = ("identity:read",)


class DeclaredResource(msgspec.Struct, frozen=True, kw_only=True):
    """A resource of a scenario: fixed content behind the real credential and limit rules."""

    path: str
    label: str
    methods: tuple[str, ...]
    scopes: tuple[str, ...]
    """Any one of them opens it; empty means any default scope."""
    status: int
    content: str
    """In which `{id}` is what the path has there."""
    content_type: str | None
    """None for the API's own content type."""
    query: frozenset[tuple[str | None, str]] = frozenset()
    """Parameters that a request must have, with their values."""

    async def show(self, exchange: Exchange, caller: Caller, *captured: str) -> Response:
        """Answer with the declared content."""
        del caller
        content_type = self.content_type or exchange.options.api_content_type
        content = self.content
        if captured:
            item_id = captured[0]
            content = content.replace("{id}", _escaped(item_id, content_type))
        return render(exchange.request, content, content_type=content_type, status=self.status)

    def answers(self, exchange: Exchange) -> bool:
        """Tell whether a request at its path has what it must have."""
        if not self.query:
            return True
        sent = wire_names(exchange.request.query_parameters)
        return self.query <= {(name, to_s(value)) for name, value in sent}


def _escaped(text: str, content_type: str) -> str:
    """Give a text as content of a type has it."""
    if "json" in content_type:
        return dump_json(text)[1:-1]
    return escape_html(text) if "html" in content_type or "xml" in content_type else text


def api_routes(
    resources: Sequence[DeclaredResource], collections: Sequence[Collection] = ()
) -> list[Route]:
    """Give the routes of the API; what is declared comes before a built-in of its path."""
    others = [*_of_collections(collections), *_built_in()]
    by_place: defaultdict[tuple[str, str], list[DeclaredResource]] = defaultdict(list)
    for one in sorted(resources, key=lambda one: "{" in one.path):
        by_place[one.path, one.label].append(one)
    declared = [
        Route(path=path, label=label, actions=_actions(those, others))
        for (path, label), those in by_place.items()
    ]
    return declared + others


def _actions(resources: Sequence[DeclaredResource], others: Sequence[Route]) -> dict[str, Action]:
    """Give what answers each verb at the path of resources."""
    ordered = sorted(resources, key=lambda one: not one.query)
    same_path = [one for one in others if one.path == ordered[0].path]
    verbs = dict.fromkeys(verb for one in ordered for verb in one.methods)
    return {
        verb: _first_that_answers(
            [one for one in ordered if verb in one.methods],
            [one.actions[verb] for one in same_path if verb in one.actions],
        )
        for verb in verbs
    }


def _first_that_answers(resources: Sequence[DeclaredResource], others: Sequence[Action]) -> Action:
    """Let the first resource answer whose conditions hold, or what the path has otherwise."""
    choices = [(one, protect(one.show, one.scopes)) for one in resources]
    otherwise = others[0] if others else protect(_answer_nothing, None)

    async def answer(exchange: Exchange, *captured: str) -> Response:
        for one, action in choices:
            if one.answers(exchange):
                return await action(exchange, *captured)
        return await otherwise(exchange, *captured)

    return answer


async def _answer_nothing(exchange: Exchange, caller: Caller, *captured: str) -> Response:
    """Answer where no condition holds, and the path has nothing else."""
    del caller, captured
    told = f"no resource at {exchange.request.path} is for such a query"
    exchange.note_refusal(grounds.NO_ROUTE, told)
    return public_exception(exchange.request, NotFound(told))


def _of_collections(collections: Sequence[Collection]) -> Iterable[Route]:
    if not collections:
        return ()
    # Most scenarios have none, and no start should wait for what answers for them.
    from .collections.endpoints import collection_routes

    return collection_routes(collections)


def _built_in() -> Iterator[Route]:
    for name, show, scopes in _BUILT_IN:
        actions = {"GET": protect(show, scopes)}
        yield Route(path=f"/v1/{name}", label=f"api.{name}", actions=actions)


_BUILT_IN: tuple[tuple[str, Show, tuple[str, ...] | None], ...] = (
    ("me", show_me, IDENTITY),
    ("ping", ping, None),
    ("organization", show_organization, (*IDENTITY, "admin:read")),
)
