"""Calls of the API: their path, their one repetition, and what their answers mean."""

from livestorm_contract_tests.driving.kinds import Kind

from .part import Part
from .values import Answer, Failure, Message, User


class ApiCalls(Part):
    """Calls with a fresh token."""

    def call(self, message: Message) -> Message:
        """Call, and tell the status. Raises Failure."""
        status, _ = self.fetch(message)
        return {"http_status": status}

    def fetch(self, message: Message) -> tuple[int, object]:
        """Give status and document of a call; after a 401 refresh and call once more."""
        name, path = message.get("user", "u1"), message["path"]
        self.check_path(path)
        method = message.get("method") or "GET"
        store, refreshing = self.client.store, self.client.refreshing
        user = store.user(name)
        known = (store.load(user) or {}).get("access_token")
        stored = refreshing.fresh(name, user)
        answer = self.call_api(user, method, path, message, stored)
        if stored["access_token"] == known and refreshing.may_refresh(answer, stored):
            refreshing.refresh(name, user, stored["access_token"])
            stored = store.load(user) or stored
            answer = self.call_api(user, method, path, message, stored, most=1)
        return answer.status, self.read_document(answer, path)

    def check_path(self, path: str) -> None:
        """Refuse a path that leads elsewhere."""
        if not path.startswith("/") or path.startswith("//"):
            raise Failure(Kind.SECURITY_ERROR, "a path begins with one slash")

    def call_api(
        self, user: User, method: str, path: str, message: Message, stored: Message, most: int = 2
    ) -> Answer:
        """Send an API request, and once more where that can be done without harm."""
        limits = self.client.limits
        for attempt in range(1, most + 1):
            limits.pause(user)
            try:
                answer = self.api_request(method, path, message, stored)
                limits.heed_limits(user, answer)
                limits.check_available(answer)
            except Failure as failure:
                if failure.not_before is not None:
                    limits.put_off(user, self.now() + failure.not_before)
                limited = failure.status in (429, 503) and failure.not_before is not None
                if attempt == most or not (self.is_repeatable(method) or limited):
                    raise
                if not limits.may_retry(failure):
                    raise
            else:
                return answer
        raise AssertionError

    def is_repeatable(self, method: str) -> bool:
        """Tell whether a request may be sent again though it may have had its effect."""
        return method == "GET"

    def api_request(self, method: str, path: str, message: Message, stored: Message) -> Answer:
        """Send one API request."""
        self.client.http.check_confidential(self.config["api_base"])
        headers = {
            "Accept": "application/vnd.api+json",
            "Authorization": f"Bearer {stored['access_token']}",
        }
        body = message.get("body", {}) if method in ("POST", "PUT", "PATCH") else None
        url = self.config["api_base"] + path
        return self.client.http.send(method, url, headers=headers, body=body)

    def read_document(self, answer: Answer, path: str) -> object:
        """Read an API answer. Raises Failure."""
        if answer.status == 401:
            raise Failure(Kind.REAUTH_REQUIRED, "the API answered 401", status=401)
        if answer.status in (402, 403):
            told = f"the API answered {answer.status}{self.detail(answer)}"
            code = self.challenge_code(answer)
            raise Failure(Kind.CONFIG_ERROR, told, code=code, status=answer.status)
        if not 200 <= answer.status < 300:
            told = f"the API answered {answer.status}{self.detail(answer)}"
            raise Failure(Kind.PROTOCOL_ERROR, told, status=answer.status)
        if answer.status == 204 or (path == "/ping" and not answer.body):
            return None
        document = answer.json()
        if not isinstance(document, dict) or "data" not in document or "errors" in document:
            raise Failure(Kind.PROTOCOL_ERROR, "no JSON:API document came", status=answer.status)
        return document

    def challenge_code(self, answer: Answer) -> str | None:
        """Give the error code of the challenge that matters to a caller."""
        code, challenge = "insufficient_scope", answer.headers.get("www-authenticate", "")
        return code if code in challenge else None

    def detail(self, answer: Answer) -> str:
        """Give the titles of a JSON:API error answer."""
        document = answer.json()
        errors = document.get("errors") if isinstance(document, dict) else None
        listed = (
            [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
        )
        texts = [text for one in listed for text in (one.get("title"), one.get("detail"))]
        return "".join(f": {text}"[:100] for text in texts if isinstance(text, str))
