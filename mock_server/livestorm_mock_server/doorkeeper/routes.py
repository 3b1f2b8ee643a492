"""The paths of the OAuth engine."""

from ..options import ProviderOptions
from ..routing import Route
from . import applications, authorize, authorized_applications, metadata, native, token
from .introspect import introspect
from .revoke import revoke
from .token_info import show_token

_LIST, _ONE = "/oauth/applications", "/oauth/applications/{id}"

ROUTES = (
    Route(
        path=authorize.PATH,
        label="authorize",
        actions={"GET": authorize.ask, "POST": authorize.approve, "DELETE": authorize.deny},
    ),
    Route(path=f"{authorize.PATH}/native", label="native", actions={"GET": native.show_code}),
    Route(
        path="/oauth/token",
        label="token",
        kinds=token.GRANTS,
        told_by="grant_type",
        actions={"POST": token.issue_token},
    ),
    Route(path="/oauth/token/info", label="token_info", actions={"GET": show_token}),
    Route(path="/oauth/revoke", label="revoke", actions={"POST": revoke}),
    Route(path="/oauth/introspect", label="introspect", actions={"POST": introspect}),
    Route(
        path=authorized_applications.PATH,
        label="authorized_applications",
        actions={"GET": authorized_applications.list_applications},
    ),
    Route(
        path=authorized_applications.PATH + "/{id}",
        label="authorized_applications",
        actions={"DELETE": authorized_applications.disconnect_application},
    ),
    Route(
        path=_LIST,
        label="applications",
        actions=dict.fromkeys(("GET", "POST"), applications.refuse),
    ),
    Route(path=f"{_LIST}/new", label="applications", actions={"GET": applications.refuse}),
    Route(
        path=_ONE,
        label="applications",
        actions=dict.fromkeys(("GET", "PUT", "PATCH", "DELETE"), applications.refuse),
    ),
    Route(path=f"{_ONE}/edit", label="applications", actions={"GET": applications.refuse}),
    Route(path=metadata.PATH, label="metadata", actions={"GET": metadata.show_metadata}),
)
"""All that any release has."""


def oauth_routes(options: ProviderOptions) -> tuple[Route, ...]:
    """Give the routes of the engine in a provider's release, with its configuration."""
    absent: set[str] = {*options.skip_controllers}
    if not options.doorkeeper.has_metadata:
        absent.add("metadata")
    if options.introspection == "disabled":
        absent.add("introspect")
    return tuple(one for one in ROUTES if one.label not in absent)
