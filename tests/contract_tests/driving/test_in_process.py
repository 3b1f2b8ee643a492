"""Adapters in the same process."""

from livestorm_contract_tests.driving.command_adapter import Message
from livestorm_contract_tests.driving.in_process import InProcessCarrier


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


class TellsHalfACharacter(Adapter):
    """Reports what a server said."""

    def command(self, message: dict[str, object]) -> Message:
        """Give a lone surrogate."""
        del message
        return {"kind": "protocol_error", "error": {"message": "it said \ud800"}}


class HoldsNoNumber(Adapter):
    """Reports what its client holds."""

    def command(self, message: dict[str, object]) -> Message:
        """Give a lifetime that is not a number."""
        del message
        return {"kind": "ok", "token": {"expires_at": float("nan")}}


def test_not_a_number_is_a_value_that_does_not_fit() -> None:
    """It is not taken for an unknown time, as over a pipe it is not."""
    carrier = InProcessCarrier(HoldsNoNumber)
    reply = carrier.submit({"type": "command", "op": "state"}).result(5)
    assert reply.misfits == ("token.expires_at is NaN, expected a number",)


def test_half_a_character_is_shown_as_a_question_mark() -> None:
    """A client may tell of what came, though no UTF-8 can hold it."""
    carrier = InProcessCarrier(TellsHalfACharacter)
    reply = carrier.submit({"type": "command", "op": "begin"}).result(5)
    assert reply.error is not None
    assert reply.error.message == "it said ?"


def test_text_of_another_class_is_a_text() -> None:
    """What it holds travels, not what it shows."""
    carrier = InProcessCarrier(Adapter)
    reply = carrier.submit({"type": "command", "op": "begin"}).result(5)
    assert reply.authorize_url == "http://127.0.0.1/authorize"
