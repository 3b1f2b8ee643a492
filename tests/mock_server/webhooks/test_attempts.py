"""One attempt on the wire: whatever the receiver does, it ends and is told."""

import json
import socket
import ssl
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import trustme
from livestorm_mock_server import LivestormSandbox, MockLivestorm
from livestorm_mock_server.webhooks.sending import MOST_READ

from .receiver import Answer, Receiver, receiving, with_bytes, with_status

SOON = pytest.mark.livestorm(webhook_timeout=0.2)


def hang(receiver: Receiver, client: socket.socket) -> None:
    """Answer nothing, for as long as the test lasts."""
    del client
    receiver.over.wait()


def begin(receiver: Receiver, client: socket.socket) -> None:
    """Begin an answer, and never end it."""
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    receiver.over.wait()


def send_without_end(receiver: Receiver, client: socket.socket) -> None:
    """Answer with bytes until nobody takes them."""
    client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    with suppress(OSError):
        while not receiver.over.is_set():
            client.sendall(b"x" * 65536)


def test_webhook_comes_as_it_is_documented(
    livestorm: LivestormSandbox, http: httpx.Client, receiver: Receiver
) -> None:
    """What it is about is in `data`, and in `data.meta.webhook` which event it is, and whose."""
    (delivery,) = livestorm.deliver_webhook("people.registered", f"{receiver.url}?of=me")
    came = receiver.take()
    assert came.line == "POST /hook?of=me HTTP/1.1"
    assert came.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert came.headers["content-type"] == "application/json"
    document = json.loads(came.body)
    key = {"Authorization": livestorm.private_token}
    organization = http.get(f"{livestorm.api_url}/organization", headers=key).json()["data"]
    assert document["data"]["type"] == "people"
    assert document["data"]["meta"] == {
        "webhook": {"event": "people.registered", "organization_id": organization["id"]}
    }
    assert (delivery.state, [one.status for one in delivery.attempts]) == ("delivered", [200])


@SOON
@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        (with_status(500), 500, "the answer does not count as delivered"),
        (
            with_bytes(b"HTTP/1.1 307 To\r\nLocation: http://127.0.0.1:1/\r\n\r\n"),
            307,
            "the answer does",
        ),
        (with_bytes(b""), None, "nothing was answered: Server disconnected"),
        (with_bytes(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), None, "nothing was answered: illegal status"),
        (hang, None, "nothing was answered within 0.2 s"),
        (begin, 200, "the answer did not end within 0.2 s"),
    ],
    ids=["500", "redirect", "close", "no HTTP", "hang", "half"],
)
def test_receiver_that_fails_is_told(
    livestorm: LivestormSandbox,
    receiver: Receiver,
    answer: Answer,
    status: int | None,
    error: str,
) -> None:
    """With what came, and why it does not count; a redirect is not followed."""
    receiver.answer = answer
    (delivery,) = livestorm.deliver_webhook("job.ended", receiver.url)
    (attempt,) = delivery.attempts
    assert (delivery.state, attempt.status) == ("failed", status)
    assert str(attempt.error).startswith(error)
    (entry,) = livestorm.journal.entries(endpoint="webhook")
    assert entry.as_json()["reason"] == f"{attempt.error}; there are no retries"


def test_answer_without_end_is_cut(livestorm: LivestormSandbox, receiver: Receiver) -> None:
    """No more is read than is kept, and the status counts."""
    receiver.answer = send_without_end
    (delivery,) = livestorm.deliver_webhook("job.ended", receiver.url)
    assert delivery.state == "delivered"
    (entry,) = livestorm.journal.entries(endpoint="webhook")
    assert entry.response is not None
    assert len(entry.response.body) == MOST_READ
    assert entry.exchange.reason == f"no more than {MOST_READ} bytes of the answer were read"


def test_nobody_listens(livestorm: LivestormSandbox) -> None:
    """The system's own words say why there is no connection."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    (delivery,) = livestorm.deliver_webhook("job.ended", f"http://127.0.0.1:{port}/")
    assert delivery.attempts[0].error == "no connection was made: Connection refused"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_localhost_is_each_address_of_the_loopback(livestorm: LivestormSandbox, host: str) -> None:
    """A server at one of them is found, and is asked for `localhost`."""
    with receiving(host=host) as receiver:
        livestorm.deliver_webhook("job.ended", f"http://localhost:{receiver.port}/")
        assert receiver.take().headers["host"] == f"localhost:{receiver.port}"


@pytest.mark.parametrize(
    ("accepted", "status", "state"),
    [
        ("2xx", 204, "delivered"),
        ("2xx", 302, "failed"),
        ("2xx_and_3xx", 302, "delivered"),
        ("2xx_and_3xx", 404, "failed"),
        ("any_answer", 500, "delivered"),
    ],
)
def test_what_counts_is_an_option(
    livestorm: LivestormSandbox, receiver: Receiver, accepted: str, status: int, state: str
) -> None:
    """`webhook_accepted` says which answers mean that the receiver has it."""
    livestorm.put_scenario(webhook_accepted=accepted)
    receiver.answer = with_status(status)
    (delivery,) = livestorm.deliver_webhook("job.ended", receiver.url)
    assert delivery.state == state


@pytest.mark.parametrize(
    ("name", "state"), [("localhost", "delivered"), ("elsewhere.test", "failed")]
)
def test_certificate_is_checked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, state: str
) -> None:
    """It has to be of the URL's name, by somebody whom Python trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    with MockLivestorm() as livestorm, receiving(tls=context) as receiver:
        url = f"https://localhost:{receiver.port}/"
        (delivery,) = livestorm.deliver_webhook("job.ended", url)
        assert delivery.state == state
        assert ("certificate" in str(delivery.attempts[0].error)) == (state == "failed")
