"""How clients authenticate (RFC 6749, section 2.3)."""

from .rule import Noticed
from .traffic import Traffic

_PARAMETERS = ("client_secret", "client_assertion")


def several_client_authentications(traffic: Traffic) -> Noticed:
    """Notice requests that use more than one mechanism; a client_id alone is none."""
    for sent in traffic.all:
        used = [name for name in _PARAMETERS if sent.text(name) is not None]
        if sent.authorization[0] == "basic":
            used.insert(0, "HTTP Basic")
        if sent.is_to_oauth and len(used) > 1:
            yield f"the client authenticates with {' and '.join(used)}", [sent]
