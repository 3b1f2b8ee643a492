"""Cross-origin requests as rack-cors answers them, the middleware that Rails applications use.

Measured with rack-cors 1.1.1, Debian's, with `headers: :any` and all methods, in front of a Rack
application: path, origin and method decide.
"""

from collections.abc import Collection

from .request import Request
from .response import Response

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
_ANY_ORIGIN = "*"
_BELOW = "/*"


class CORS:
    """The paths that pages of some origins may call; without a path there is no such middleware.

    A path that ends in `/*` stands for all below it, too; the origin `*` for all. No page may send
    the `barred` headers, by their lower-case names: the provider does not know them.
    """

    def __init__(
        self, paths: Collection[str], origins: Collection[str], *, barred: Collection[str] = ()
    ) -> None:
        self._paths = paths
        self._origins = origins
        self._barred = barred

    def answer_preflight(self, request: Request) -> Response | None:
        """Answer a preflight (Fetch, section 3.3.6), for whatever path; None for what is none."""
        if not self._paths:
            return None
        asked = request.header("access-control-request-method")
        is_preflight = request.original_method == "OPTIONS" and request.header("origin") is not None
        if not is_preflight or asked is None:
            return None
        headers = self._headers(request) if asked.upper() in _METHODS else {}
        names = request.header("access-control-request-headers")
        if headers and names is not None and not self._bars(names):
            headers["Access-Control-Allow-Headers"] = names
        return Response(headers=headers)

    def add_headers(self, request: Request, response: Response) -> None:
        """Let the page read an answer, be it an error."""
        if not self._paths or not self._covers(request):
            return
        varies = response.headers.get("Vary")
        vary = {"Vary": "Origin" if varies is None else f"{varies}, Origin"}
        response.headers |= self._headers(request) | vary

    def _headers(self, request: Request) -> dict[str, str]:
        origin = request.header("origin")
        allowed = next((one for one in (_ANY_ORIGIN, origin) if one in self._origins), None)
        if origin is None or allowed is None or not self._covers(request):
            return {}
        return {
            "Access-Control-Allow-Origin": allowed,
            "Access-Control-Allow-Methods": ", ".join(_METHODS),
            "Access-Control-Expose-Headers": "",
            "Access-Control-Max-Age": "7200",
        }

    def _bars(self, names: str) -> bool:
        return any(name.strip().lower() in self._barred for name in names.split(","))

    def _covers(self, request: Request) -> bool:
        return any(_covers(path, request.path) for path in self._paths)


def _covers(path: str, asked: str) -> bool:
    if not path.endswith(_BELOW):
        return asked == path
    return f"{asked}/".startswith(path.removesuffix("*"))
