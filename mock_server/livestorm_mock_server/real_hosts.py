"""The host names that Livestorm has, and what each of them serves."""

from typing import Final

APP: Final = "app.livestorm.co"
API: Final = "api.livestorm.co"

DOMAIN: Final = "livestorm.co"
"""What both are below; no name below it may be reached by what the fake is tried with."""

SERVES: Final = {APP: ("/oauth", "/.well-known"), API: ("/v1",)}
"""What the paths begin with that a host serves; it has no sandboxes and no control API."""


def name_of(host: str) -> str:
    """Give the name in a Host header or an authority: in lower case, without port or root dot."""
    name, colon, port = host.lower().rpartition(":")
    bare = name if colon and (port.isdecimal() or not port) else host.lower()
    return bare.rstrip(".")


def is_real(name: str) -> bool:
    """Tell whether a name, as `name_of` gives it, is one of Livestorm's two."""
    return name in SERVES


def is_livestorms(name: str) -> bool:
    """Tell whether a name, as `name_of` gives it, is any of Livestorm's."""
    return name == DOMAIN or name.endswith(f".{DOMAIN}")


def misplaced(name: str, path: str) -> str | None:
    """Say why a real host does not serve a path; None where it does, and for any other host."""
    if name not in SERVES or _is_below(path, SERVES[name]):
        return None
    owner = next((one for one, paths in SERVES.items() if _is_below(path, paths)), None)
    elsewhere = "" if owner is None else f"; {owner} does"
    return f"{name} does not serve {path[:80]}{elsewhere}"


def _is_below(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or path.startswith((f"{root}/", f"{root}.")) for root in roots)
