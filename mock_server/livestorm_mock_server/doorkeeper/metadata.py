"""`GET /.well-known/oauth-authorization-server` of Doorkeeper 6 (RFC 8414, section 2)."""

from ..exchange import Exchange
from ..rails.response import Response, render_json
from .pre_authorization import RESPONSE_MODES, is_enabled_response_type
from .token import GRANTS, is_enabled_grant_type

PATH = "/.well-known/oauth-authorization-server"


async def show_metadata(exchange: Exchange) -> Response:
    """Describe the provider."""
    exchange.reason = "the provider's metadata"
    return render_json(exchange.request, _members(exchange), headers={"Cache-Control": "public"})


def _members(exchange: Exchange) -> dict[str, object]:
    base = exchange.request.root_url
    types = [name for name in RESPONSE_MODES if is_enabled_response_type(exchange, name)]
    modes = dict.fromkeys(mode for name in types for mode in RESPONSE_MODES[name])
    members: dict[str, object] = {
        "issuer": base,
        "authorization_endpoint": f"{base}/oauth/authorize",
        "token_endpoint": f"{base}/oauth/token",
        "revocation_endpoint": f"{base}/oauth/revoke",
        "introspection_endpoint": f"{base}/oauth/introspect",
        "scopes_supported": list(exchange.options.scopes),
        "response_types_supported": types,
        "response_modes_supported": list(modes),
        "grant_types_supported": [g for g in GRANTS if is_enabled_grant_type(exchange, g)],
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic",
            "client_secret_post",
            "none",
        ],
        "code_challenge_methods_supported": ["plain", "S256"] if exchange.options.pkce else [],
        "authorization_response_iss_parameter_supported": False,
        "resource_indicators_supported": False,
        "userinfo_endpoint": None,
    }
    if exchange.options.introspection == "disabled":
        del members["introspection_endpoint"]
    return members
