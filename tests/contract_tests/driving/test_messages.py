"""What an adapter's messages may hold."""

import pytest
from livestorm_contract_tests.driving.kinds import Kind
from livestorm_contract_tests.driving.messages import (
    BadMessage,
    Features,
    read_line,
    read_ready,
    read_reply,
)


@pytest.mark.parametrize("uri", ["/callback", "", "https://app.example/cb#top", 5])
def test_redirect_uri_that_no_server_registers_is_refused(uri: object) -> None:
    """It is a URL, and has no fragment (RFC 6749, section 3.1.2)."""
    with pytest.raises(BadMessage, match="redirect_uri"):
        read_ready({"type": "ready", "protocol": 1, "features": {"redirect_uri": uri}})


def test_adapter_has_to_say_how_it_failed() -> None:
    """The kind `failed` is not open to an adapter that does not declare it."""
    with pytest.raises(BadMessage, match="kinds=ok_or_failed"):
        read_reply({"type": "result", "id": 1, "kind": "failed"}, Features())


def test_adapter_may_declare_that_it_can_not_always_say_how() -> None:
    """With kinds=ok_or_failed an unexplained failure is a reply."""
    reply = read_reply({"kind": "failed"}, Features(kinds="ok_or_failed"))
    assert reply.kind is Kind.FAILED


def test_what_a_client_calls_itself_is_bounded() -> None:
    """It stands at the head of each report; what fits stays as it is."""
    long = "x" * 100_000
    client = {"name": long, "version": "1" * 100, "language": long, "stack": [long] * 1000}
    read = read_ready({"type": "ready", "protocol": 1, "client": client}).client
    cut = f"{'x' * 99}…"
    assert (read.name, read.version, read.language) == (cut, "1" * 100, cut)
    assert read.stack == (cut,) * 20


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (b'{"a": ' + b"1" * 300 + b', "b": tru}', '"b": tru}'),
        (b"npm warn something", "npm warn something"),
        (b'{"a": "' + b"x" * 300 + b"\xff end", "\ufffd end"),
    ],
)
def test_line_that_is_no_json_is_shown_where_it_is_none(line: bytes, shown: str) -> None:
    """However long it is, the text around the mistake is told."""
    with pytest.raises(BadMessage) as told:
        read_line(line)
    assert shown in str(told.value)
    assert len(str(told.value)) < 500


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_number_that_json_lacks_is_a_value_of_the_client_that_does_not_fit(value: str) -> None:
    """Python's json.dumps writes it; where the client holds such a value, that is its failure."""
    line = f'{{"type": "result", "id": 1, "kind": "ok", "token": {{"expires_at": {value}}}}}'
    reply = read_reply(read_line(line.encode()), Features())
    told = value if value != "1e999" else "Infinity"
    assert reply.misfits == (f"token.expires_at is {told}, expected a number",)
    assert reply.token is not None
    assert reply.token.expires_at is None


def test_number_that_json_lacks_is_no_value_of_an_adapter() -> None:
    """What is not the client's has to fit the protocol."""
    with pytest.raises(BadMessage, match="protocol"):
        read_ready(read_line(b'{"type": "ready", "protocol": NaN}'))
