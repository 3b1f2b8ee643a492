"""What `serve` makes of webhooks: its option, its log, its end."""

import signal

import httpx

from ..served import Served, assert_wrong_usage, run
from .receiver import Receiver, receiving
from .test_attempts import hang


def test_host_that_is_none_is_wrong_usage() -> None:
    """In one line that names the option."""
    done = run("serve", "--allow-webhooks-to", "http://hooks.test")
    assert_wrong_usage(done, "--allow-webhooks-to", "a name or an address")


def test_serve_ends_while_a_receiver_hangs(http: httpx.Client) -> None:
    """At once: what is on its way is dropped, and the log says so, as it does of a refusal."""
    served = Served("--json", "--allow-webhooks-to", "hooks.test")
    try:
        control_url = served.describes_itself()["control_url"]

        def deliver(receiver: Receiver, host: str, wait: int) -> int:
            url = f"http://{host}:{receiver.port}/hook"
            order = {"event": "job.ended", "url": url, "wait": wait}
            return http.post(f"{control_url}/webhooks/deliver", json=order).status_code

        with receiving(hang) as receiver:
            assert deliver(receiver, "other.test", wait=5) == 422
            assert deliver(receiver, "127.0.0.1", wait=0) == 202
            receiver.take()
            status, _, errors = served.end(signal.SIGTERM)
    finally:
        served.kill()
    refused, dropped = errors.splitlines()
    assert "`--allow-webhooks-to other.test` would let them" in refused
    assert "dropped: the sandbox was reset or closed meanwhile" in dropped
    assert status == 0
