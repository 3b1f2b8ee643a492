"""The protocol's operations, and how their outcomes are reported."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import suppress

from livestorm_contract_tests.driving.kinds import Kind, fingerprint

from .part import Part
from .values import Failure, Message, User


class Operations(Part):
    """Takes the messages after `configure`."""

    def command(self, message: Message) -> Message:
        """Answer a message."""
        kind, op = message["type"], message.get("op")
        if kind == "end_case":
            return {"kind": "ok"}
        if kind == "cancel":
            self.cancel(message["id"])
            return {"kind": "ok"}
        if kind != "command" or op not in self.client.offer.ops:
            return {"kind": "unsupported", "reason": f"no {op or kind}"}
        reply = self.client.replies[message["id"]] = Future()
        threading.Thread(target=self.perform, args=(message, reply), daemon=True).start()
        return reply.result()

    def perform(self, message: Message, reply: "Future[Message]") -> None:
        """Do an operation to its end, whether or not somebody still waits for the reply."""
        with suppress(InvalidStateError):
            try:
                reply.set_result(getattr(self, f"op_{message['op']}")(message))
            except Exception as error:
                reply.set_exception(error)

    def cancel(self, number: int) -> None:
        """Send away who waits for a command."""
        with suppress(KeyError, InvalidStateError):
            self.client.replies[number].set_result({"kind": Kind.CANCELLED})

    def op_clock(self, message: Message) -> Message:
        """Move the clock."""
        self.client.advanced += message["advance"]
        return {"kind": "ok"}

    def op_seed(self, message: Message) -> Message:
        """Store tokens."""
        user = self.user_of(message)
        user.not_before = user.no_refresh_before = 0.0
        self.client.store.save(user, {**message["token"], "needs_reauth": False})
        return {"kind": "ok"}

    def op_state(self, message: Message) -> Message:
        """Tell what is stored."""
        return self.report(lambda: self.told_state(self.user_of(message)))

    def told_state(self, user: User) -> Message:
        """Give the tokens, by their fingerprints."""
        stored = self.client.store.load(user)
        if stored is None:
            return {"token": None, "needs_reauth": False}
        token = {
            "access_token": _fingerprint(stored.get("access_token")),
            "refresh_token": _fingerprint(stored.get("refresh_token")),
            "expires_at": stored.get("expires_at"),
            "scope": stored.get("scope"),
        }
        return {"token": token, "needs_reauth": stored.get("needs_reauth", False)}

    def op_begin(self, message: Message) -> Message:
        """Start an authorization."""
        return self.report(lambda: self.client.authorization.begin(self.user_of(message)))

    def op_callback(self, message: Message) -> Message:
        """Finish an authorization."""
        name = message.get("user", "u1")
        return self.report(lambda: self.client.callbacks.connect(name, message["url"]))

    def op_refresh(self, message: Message) -> Message:
        """Refresh now."""
        name, user = message.get("user", "u1"), self.user_of(message)
        return self.report(lambda: self.client.refreshing.refresh(name, user, None))

    def op_call(self, message: Message) -> Message:
        """Call the API, once or several times at once."""
        count = message.get("parallel") or 1
        with ThreadPoolExecutor(count) as pool:
            results = list(
                pool.map(lambda _: self.report(lambda: self.client.api.call(message)), range(count))
            )
        decisive = next((one for one in results if one["kind"] != "ok"), results[0])
        return {**decisive, "results": results}

    def op_list(self, message: Message) -> Message:
        """Call page after page."""
        return self.report(lambda: self.client.lists.list_ids(message))

    def user_of(self, message: Message) -> User:
        """Give the user whom a message is about."""
        return self.client.store.user(message.get("user", "u1"))

    def report(self, operation: Callable[[], Message]) -> Message:
        """Name the outcome of an operation."""
        try:
            return {"kind": "ok", **operation()}
        except Failure as failure:
            reply: Message = {"kind": failure.kind, "error": self.describe(failure)}
            if failure.not_before is not None:
                reply["not_before_s"] = failure.not_before
            return {**reply, "http_status": failure.status if failure.at_api else None}
        except Exception as error:
            return {"kind": "bug", "error": self.describe(error)}

    def describe(self, error: Exception) -> Message:
        """Show an error as Python prints it."""
        return {
            "class": type(error).__name__,
            "code": getattr(error, "code", None),
            "http_status": getattr(error, "status", None),
            "message": str(error),
            "repr": repr(error),
        }


def _fingerprint(token: object) -> str | None:
    return fingerprint(token) if isinstance(token, str) else None
