"""Adapters in the same process."""

from livestorm_contract_tests.driving.in_process import InProcessCarrier
from livestorm_contract_tests.driving.messages import Message


class Masked(str):
    """A text that is not shown, as clients have them for secrets."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__


class Adapter:
    """Answers with whatever its client has."""

    def __init__(self) -> None:
        self.ready: Message = {"type": "ready", "protocol": 1, "ops": ["begin"]}

    def command(self, message: dict[str, object]) -> Message:
        """Give a masked URL."""
        del message
        return {"kind": "ok", "authorize_url": Masked("http://127.0.0.1/authorize")}


def test_text_of_another_class_is_a_text() -> None:
    """What it holds travels, not what it shows."""
    carrier = InProcessCarrier(Adapter)
    reply = carrier.submit({"type": "command", "op": "begin"}).result(5)
    assert reply.authorize_url == "http://127.0.0.1/authorize"
