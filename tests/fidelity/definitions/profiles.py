"""Which case definitions belong to which profile."""

from ..recordings import Case
from . import (
    authorize,
    bearer,
    consent,
    flows,
    introspection,
    negotiation,
    options,
    refresh,
    revocation,
    routes,
    token,
)

DEFINITIONS: dict[str, tuple[Case, ...]] = {
    "main": (
        *authorize.CASES,
        *token.CASES,
        *refresh.CASES,
        *bearer.CASES,
        *revocation.CASES,
        *routes.CASES,
        *negotiation.CASES,
    ),
    "consent": consent.CASES,
    "fast": options.FAST,
    "instant": options.INSTANT,
    "noscope": options.NOSCOPE,
    "flows": flows.CASES,
    "reuse": options.REUSE,
    "never": options.NEVER,
    "ctype": options.CTYPE,
    "appscopes": options.APPSCOPES,
    "nopkce": options.NOPKCE,
    "redirect": options.REDIRECT,
    "anonymous": options.ANONYMOUS,
    "nointrospect": introspection.DISABLED,
    "refuseintrospect": introspection.REFUSED,
    "skip": options.SKIP,
}
