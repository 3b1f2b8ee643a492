"""An adapter in Python: call your own wrapper where it says YOURS, claim in OPS what it can."""

import secrets
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from livestorm_contract_tests.adapter import fingerprint, serve

OPS = ("begin", "callback", "seed", "state")  # this client has no call layer
Members = dict[str, Any]


class Adapter:
    def __init__(self) -> None:
        client = {"name": "my-python-client", "version": "1", "language": "python"}
        self.ready = {"type": "ready", "protocol": 1, "client": client, "ops": OPS}

    def command(self, message: Members) -> Members:
        if message["type"] == "configure":  # nothing of the case before is kept
            self.config, self.users = message["config"], dict[str, Members]()
        if message.get("op") not in OPS:
            return {"kind": "ok" if message["type"] in ("configure", "end_case") else "unsupported"}
        user = self.users.setdefault(message.get("user", "u1"), {})
        try:
            return {"kind": "ok", **getattr(self, message["op"])(user, message)}
        except Exception as error:  # YOURS: map the exceptions of your wrapper; others are bugs
            # http_status is the API's; the token endpoint's belongs into `error` only.
            kind = "transport_error" if isinstance(error, httpx.TransportError) else "bug"
            return {"kind": kind, "error": {"class": type(error).__name__, "repr": repr(error)}}

    def begin(self, user: Members, _: Members) -> Members:  # YOURS
        query = {name: self.config[name] for name in ("client_id", "redirect_uri")}
        query |= {"scope": " ".join(self.config["scopes"]), "response_type": "code"}
        user["state"] = query["state"] = secrets.token_urlsafe(32)
        return {"authorize_url": f"{self.config['authorize_url']}?{urlencode(query)}"}

    def callback(self, user: Members, message: Members) -> Members:  # YOURS
        answer = parse_qs(urlsplit(message["url"]).query)
        if answer.get("state") != [user.pop("state", None)]:
            return {"kind": "security_error"}
        if "error" in answer:
            return {"kind": "denied" if "access_denied" in answer["error"] else "config_error"}
        form = {name: self.config[name] for name in ("client_id", "client_secret", "redirect_uri")}
        form |= {"grant_type": "authorization_code", "code": answer["code"][0]}
        got = httpx.post(self.config["token_url"], data=form, timeout=8)
        if not got.is_success:
            return {"kind": "retry_later" if got.status_code in (429, 503) else "protocol_error"}
        return self.seed(user, {"token": got.json()})

    def seed(self, user: Members, message: Members) -> Members:  # YOURS
        user["token"] = {"access_token": fingerprint(message["token"]["access_token"])}
        return {}

    def state(self, user: Members, _: Members) -> Members:  # YOURS
        return {"token": user.get("token"), "needs_reauth": "token" not in user}


serve(Adapter())
