"""The endpoints of the API: those that are always there, and what a scenario declares."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from ..collections.declared import Collection
from ..collections.operations import PLACES, Operation
from ..json_schemas import Schema
from ..options import ProviderOptions
from ..scenario import ResourceEntry
from . import bodies
from .operation import HTML, LIMITS, RAILS, WAITING, Answer, Bodies, ProviderOperation, Security

_Answers = Mapping[int, Answer]


class DescribedAPI(msgspec.Struct, frozen=True, kw_only=True):
    """The API with a provider's options."""

    options: ProviderOptions

    @property
    def media_type(self) -> str:
        """What its documents are."""
        return self.options.api_content_type.partition(";")[0]

    def operations(
        self, resources: Sequence[ResourceEntry], collections: Sequence[Collection]
    ) -> Iterator[ProviderOperation]:
        """Give all endpoints; of those of one place, the first is what answers."""
        yield from self._declared(resources)
        for collection in collections:
            yield from self._collected(collection)
        yield from self._built_in()

    def _built_in(self) -> Iterator[ProviderOperation]:
        include: Schema = {
            "name": "include",
            "in": "query",
            "schema": {"type": "string", "enum": ["organization"]},
        }
        me = self._document("Who is connected.", bodies.MeDocument)
        workspace = self._document("The workspace.", bodies.OrganizationDocument)
        alive = Answer(told="The credential works; there is no body.", bodies={HTML: ()})
        for name, identifier, summary, scopes, shown in (
            ("me", "showMe", "Tell who is connected.", ("identity:read",), me),
            ("ping", "ping", "Tell whether a credential works.", (), alive),
            (
                "organization",
                "showOrganization",
                "Tell which workspace it is.",
                ("identity:read", "admin:read"),
                workspace,
            ),
        ):
            yield ProviderOperation(
                id=identifier,
                verb="get",
                path=f"/v1/{name}",
                labels=(f"api.{name}",),
                summary=summary,
                parameters=[include] if name == "organization" else (),
                security=_opened_by(scopes),
                answers=self._behind_the_door({200: shown}, are_scopes_needed=bool(scopes)),
            )

    def _declared(self, resources: Sequence[ResourceEntry]) -> Iterator[ProviderOperation]:
        """Give each place once, with what any of its resources answers."""
        places: defaultdict[tuple[str, str], list[ResourceEntry]] = defaultdict(list)
        for one in resources:
            for method in one.methods:
                places[one.path, method].append(one)
        for (path, verb), those in places.items():
            label = those[0].endpoint
            answers = {one.status: self._shown(one, those) for one in those}
            if all(one.when.query for one in those):
                answers.setdefault(404, Answer(told="Nothing is for such a query.", bodies=RAILS))
            yield ProviderOperation(
                id=_identifier(verb, label),
                verb=verb.lower(),
                path=path,
                labels=(label,),
                summary="Give what the scenario declares.",
                security=_opened_by([scope for one in those for scope in one.scopes]),
                answers=self._behind_the_door(answers),
            )

    def _shown(self, one: ResourceEntry, others: Sequence[ResourceEntry]) -> Answer:
        kinds = [
            (each.content_type or self.options.api_content_type).partition(";")[0].strip()
            for each in others
            if each.status == one.status
        ]
        return Answer(told="As the scenario declares it.", bodies=dict.fromkeys(kinds, ()))

    def _collected(self, one: Collection) -> Iterator[ProviderOperation]:
        for name in one.operations:
            place, (summary, statuses) = PLACES[name], _OPERATIONS[name]
            refused = {
                status: self._document(_FAILURES[status], bodies.APIFailure) for status in statuses
            }
            sent = place.verb in ("POST", "PATCH")
            yield ProviderOperation(
                id=_identifier(name, one.label_of(name)),
                verb=place.verb.lower(),
                path=one.path_of(name),
                labels=(one.label_of(name),),
                summary=summary.format(type=one.kind.type),
                parameters=[*_page_of(one)] if name == "list" else (),
                forms=(bodies.SentDocument,) if sent else (),
                media_types=("application/vnd.api+json", "application/json") if sent else (),
                security=_opened_by(one.scopes_of(name)),
                answers=self._behind_the_door({**refused, place.success: self._done(name)}),
            )

    def _done(self, name: str) -> Answer:
        if name.startswith("delete"):
            return Answer(told="Removed.")
        shape = bodies.ListDocument if name == "list" else bodies.ItemDocument
        return self._document("Done.", shape)

    def _document(self, told: str, *shapes: object) -> Answer:
        return Answer(told=told, bodies={self.media_type: shapes})

    def _behind_the_door(self, answers: _Answers, *, are_scopes_needed: bool = True) -> _Answers:
        """Add what stands in front of each endpoint: the credentials, and the limits."""
        failed = {HTML: (), self.media_type: (bodies.APIFailure,)}
        refused = Answer(
            told="The credential is missing, wrong or over.",
            bodies=failed,
            headers=("WWW-Authenticate",),
        )
        lacking = Answer(told="The access token lacks the scope.", bodies=failed)
        doors = {401: refused}
        if are_scopes_needed and self.options.missing_scope_status == 403:
            doors[403] = lacking
        return limited(self.options, {**answers, **doors})


def limited(options: ProviderOptions, answers: _Answers) -> _Answers:
    """Add the limits of an endpoint to what it answers."""
    if not options.rate_limits:
        return answers
    media_type = options.api_content_type.partition(";")[0]
    bodies_of: Mapping[str, Bodies] = {
        "jsonapi": {media_type: (bodies.APIFailure,)},
        "empty": {},
        "plain_text": {"text/plain": ()},
    }
    told = "Too many requests in this second, or in this period."
    refused = Answer(told=told, bodies=bodies_of[options.rate_limit_body], headers=WAITING)
    counted = {
        status: msgspec.structs.replace(one, headers=(*one.headers, *LIMITS))
        for status, one in answers.items()
    }
    return {**counted, 429: refused}


def _opened_by(scopes: Sequence[str]) -> Security:
    """Give the credentials: an access token with any one of the scopes, or a private token."""
    tokens: Security = [{"oauth": (scope,)} for scope in scopes] or [{"oauth": ()}]
    return (*tokens, {"privateToken": ()})


def _identifier(name: str, label: str) -> str:
    words = "".join(one if one.isalnum() else " " for one in f"{name} {label}").split()
    return "".join(one.lower() if not at else one.capitalize() for at, one in enumerate(words))


def _page_of(one: Collection) -> Iterator[Schema]:
    for name, kind in (("page[number]", "integer"), ("page[size]", "integer")):
        yield {"name": name, "in": "query", "schema": {"type": kind}}
    for name in (*(f"filter[{each}]" for each in one.kind.filters), "include"):
        yield {"name": name, "in": "query", "schema": {"type": "string"}}


_OPERATIONS: Mapping[Operation, tuple[str, Sequence[int]]] = {
    "list": ("List {type}.", (400, 404)),
    "create": ("Add one of the {type}.", (400, 402, 404, 409, 422)),
    "delete_matching": ("Remove the {type} that a filter finds.", (400, 404)),
    "bulk": ("Add {type} by a job.", (400, 402, 404, 409, 422)),
    "show": ("Show one of the {type}.", (400, 404)),
    "update": ("Change one of the {type}.", (400, 402, 404, 409, 422)),
    "delete": ("Remove one of the {type}.", (400, 404)),
}
"""Of each what it does, and the statuses of refusals."""
_FAILURES: Mapping[int, str] = {
    400: "The query or the document is not as it should be.",
    402: "The allowance of active contacts is used up.",
    404: "There is no such item.",
    409: "It contradicts the path, or what is there already.",
    422: "An attribute can't be so.",
}
