"""Which endpoint each exchange of a recording was at."""

from collections.abc import Iterable, Sequence

import msgspec

from ..doorkeeper.routes import oauth_routes
from ..options import ProviderOptions
from ..patterns import compile_late
from ..rails.errors import RailsError
from ..routing import Router
from .archive import API, Recorded

_FORMAT = compile_late(r"\.json\Z")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


class Exchange(msgspec.Struct, kw_only=True):
    """An exchange at an endpoint."""

    recorded: Recorded
    method: str
    path: str
    """As Rails reads it, without a suffix."""
    label: str | None = None
    """The endpoint's label; None for one of the API until it is declared."""
    usual: tuple[int, ...] = ()
    """The statuses that the endpoint answers by itself where all is well."""

    @property
    def status(self) -> int:
        """The status of the answer, 0 without one."""
        return self.recorded.status

    @property
    def is_good(self) -> bool:
        """Tell whether the answer is a success."""
        return 200 <= self.status < 300

    @property
    def is_of_api(self) -> bool:
        """Tell whether it is one of the API."""
        return self.path.startswith(API)


def route_all(recorded: Iterable[Recorded]) -> Sequence[Exchange]:
    """Give the exchanges at endpoints, in order; those of the API are declared later."""
    router = Router(oauth_routes(ProviderOptions()))
    routed = (_route(router, one) for one in recorded if one.is_routed)
    return [one for one in routed if one is not None]


def _route(router: Router, recorded: Recorded) -> Exchange | None:
    request = recorded.request
    try:
        method = request.method
        path = _FORMAT.sub("", request.path)
        if path.startswith(API):
            is_known = method in METHODS
            return Exchange(recorded=recorded, method=method, path=path) if is_known else None
        route = router.match(request).route
    except RailsError:
        return None
    usual = (200, 302) if route.label == "authorize" else (200,)
    label = route.label_for(request)
    return Exchange(recorded=recorded, method=method, path=path, label=label, usual=usual)
