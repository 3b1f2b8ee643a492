"""Where webhooks may go: the address that is connected to is the one that was checked."""

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing
from ipaddress import ip_address
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from livestorm_mock_server import InvalidInputError, LivestormSandbox, MockLivestorm
from livestorm_mock_server.webhooks import hosts
from livestorm_mock_server.webhooks.hosts import (
    RefusedDeliveryError,
    WebhookHosts,
    read_target,
    read_webhook_hosts,
)

NO_ADDRESS = "0.0.0.0"  # noqa: S104 - who connects to it comes to the loopback


class Resolver(asyncio.SelectorEventLoop):
    """An event loop that looks names up in a list, and notes which."""

    def __init__(self, *addresses: str) -> None:
        super().__init__()
        self.addresses, self.asked = addresses, list[object]()

    async def getaddrinfo(self, host: Any, port: Any, **_: Any) -> list[Any]:
        """Give all addresses for any name."""
        self.asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in self.addresses]


def find(url: str, *allowed: str, leads_to: Sequence[str] = ()) -> tuple[list[str], list[object]]:
    """Give the addresses to connect to, and the names that were looked up."""
    loop = Resolver(*leads_to)
    try:
        named = read_webhook_hosts(allowed)
        return list(loop.run_until_complete(named.find(read_target(url)))), loop.asked
    finally:
        loop.close()


@pytest.mark.parametrize(
    ("url", "addresses"),
    [
        ("http://127.0.0.1:9/", ["127.0.0.1"]),
        ("http://127.8.0.1/", ["127.8.0.1"]),
        ("http://[::1]/", ["::1"]),
        ("http://[::ffff:127.0.0.1]/", ["::ffff:127.0.0.1"]),
        ("https://localhost/", ["127.0.0.1", "::1"]),
        ("http://LOCALHOST./", ["127.0.0.1", "::1"]),
        ("http://hooks.localhost/", ["127.0.0.1", "::1"]),
    ],
)
def test_loopback_is_allowed(url: str, addresses: list[str]) -> None:
    """By its addresses and its name, which no resolver is asked for."""
    assert find(url, leads_to=["192.0.2.1"]) == (addresses, [])


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.1/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://[::ffff:192.0.2.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://hooks.example.test/",
        "http://localhost.example.test/",
        "http://127.1/",
        "http://2130706433/",
        "http://[64:ff9b::7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://0x7f000001/",
    ],
)
def test_any_other_host_is_refused_without_a_look_up(url: str) -> None:
    """Also what some resolvers take for an address; the refusal names the option."""
    with pytest.raises(RefusedDeliveryError, match="--allow-webhooks-to"):
        find(url, leads_to=["127.0.0.1"])


def test_allowed_name_is_looked_up_once() -> None:
    """And what was found is what is connected to, so that no second answer counts."""
    found = find("http://Hooks.Example.test/", "hooks.example.test", leads_to=["192.0.2.7"])
    assert found == (["192.0.2.7"], ["hooks.example.test"])


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "::",
        "224.0.0.1",
        "fd00:ec2::254",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a9fe:a9fe",
        "64:ff9b::7f00:1",
        "2002:a9fe:a9fe::1",
        "::169.254.169.254",
    ],
)
def test_allowed_name_leads_to_no_odd_address(address: str) -> None:
    """Such as that of a cloud's metadata, in any form; it has to be allowed itself."""
    with pytest.raises(RefusedDeliveryError, match=f"which leads to {address}"):
        find("http://hooks.test/", "hooks.test", leads_to=[address])
    assert find("http://hooks.test/", "hooks.test", address, leads_to=[address])[0] == [address]


@pytest.mark.parametrize("name", ["livestorm.co", "app.livestorm.co", "x.livestorm.co."])
def test_livestorm_gets_nothing(name: str) -> None:
    """It can't be allowed, and is refused whatever is."""
    with pytest.raises(InvalidInputError, match="none of Livestorm's"):
        read_webhook_hosts([name])
    with pytest.raises(RefusedDeliveryError, match="no webhook goes to Livestorm"):
        find(f"http://{name}/", "192.0.2.1", leads_to=["192.0.2.1"])


@pytest.mark.parametrize("host", ["", "http://a.test", "a.test:80", "a b", "*", "-a.test"])
def test_host_that_is_none_is_an_error(host: str) -> None:
    """It names the option."""
    with pytest.raises(InvalidInputError, match=r"--allow-webhooks-to is .*; expected a name"):
        read_webhook_hosts([host])


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("/hook", "not absolute"),
        ("", "not absolute"),
        ("ftp://127.0.0.1/", "neither http nor https"),
        ("http://", "not absolute"),
        ("http://me:secret@127.0.0.1/", "a user's name"),
        ("http://127.0.0.1:99999/", "a port that there can't be"),
        ("http://[::1/", "not absolute"),
        (f"http://{'a' * 70}.test/", "a host or a port"),
    ],
)
def test_url_to_which_nothing_can_be_sent_is_told(
    livestorm: LivestormSandbox, url: str, reason: str
) -> None:
    """As an error of the call, and by an exchange with the ground."""
    with pytest.raises(InvalidInputError, match=reason):
        livestorm.deliver_webhook("job.ended", url)
    (entry,) = livestorm.journal.entries(endpoint="webhook")
    assert entry.response is None
    assert entry.exchange.ground is not None
    assert entry.exchange.ground.id == "webhook_refused"
    assert reason in str(entry.exchange.reason)


@given(
    st.text(max_size=60).map("http://{}".format) | st.text(max_size=60).map("http://a/{}".format)
)
def test_any_text_is_a_target_or_refused(url: str) -> None:
    """Whatever a client registers; a target can be written into a request."""
    try:
        target = read_target(url)
    except RefusedDeliveryError:
        return
    assert f"{target.authority}{target.path}{target.query}".isascii()
    sent = httpx.URL(target.at("127.0.0.1")).raw_path.decode()
    assert sent == f"{target.path}?{target.query}".removesuffix("?")
    assert httpx.URL(target.at("::1")).host == "::1"


@given(st.lists(st.sampled_from(["", "a", ".", "..", "%2e", "b%2E%2e"])).map("/".join))
@example("a/../b%2e/./c")
def test_path_is_told_as_it_is_sent(path: str) -> None:
    """The journal has what the receiver gets: nothing goes up or stays where it is."""
    target = read_target(f"http://a/{path}")
    assert httpx.URL(target.at("127.0.0.1")).raw_path.decode() == target.path
    assert not {".", ".."} & {*target.path.split("/")}


def test_fake_sends_nothing_to_itself(livestorm: LivestormSandbox) -> None:
    """Else a webhook could call the control API."""
    with pytest.raises(InvalidInputError, match="the fake's own"):
        livestorm.deliver_webhook("job.ended", f"{livestorm.control_url}/reset")


@pytest.fixture(scope="module")
def with_proxy() -> Iterator[MockLivestorm]:
    """A server with a proxy, and a host of its own that leads to it."""
    with MockLivestorm(proxy_port=0, allow_webhooks_to=["hooks.test", NO_ADDRESS]) as server:
        yield server


@pytest.mark.parametrize("way", ["api_url", "other_url", "proxy_url", "door"])
@pytest.mark.parametrize(
    "host",
    ["foo.localhost", "localhost.", "[::ffff:127.0.0.1]", "127.0.0.1", NO_ADDRESS, "hooks.test"],
)
def test_fake_is_told_by_what_is_connected_to(
    with_proxy: MockLivestorm, monkeypatch: pytest.MonkeyPatch, host: str, way: str
) -> None:
    """Whatever it is called, and whichever of its listeners is meant."""

    async def look_up(_: object) -> list[str]:
        return ["192.0.2.1", "127.0.0.1"]

    monkeypatch.setattr(hosts, "_look_up", look_up)
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        if way == "door":
            with_proxy.open_door(listener)
            port = listener.getsockname()[1]
        else:
            port = httpx.URL(getattr(with_proxy, way)).port
        with pytest.raises(InvalidInputError, match="the fake's own"):
            with_proxy.deliver_webhook("job.ended", f"http://{host}:{port}/_mock/reset")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", NO_ADDRESS, "[::ffff:127.0.0.1]"])
def test_listener_everywhere_is_the_fake_at_each_address(host: str) -> None:
    """Those of the loopback, and all that are this machine's."""
    with MockLivestorm(host=NO_ADDRESS, allow_webhooks_to=[NO_ADDRESS]) as server:
        port = httpx.URL(server.api_url).port
        with pytest.raises(InvalidInputError, match="the fake's own"):
            server.deliver_webhook("job.ended", f"http://{host}:{port}/")


def test_command_in_a_network_of_its_own_gets_none() -> None:
    """`run` says why, and what would let it; other hosts are as they were."""
    reached = WebhookHosts(
        addresses=frozenset({ip_address("192.0.2.1")}),
        no_loopback="the command has a loopback of its own",
    )
    for url in ("http://127.0.0.1/", "http://localhost/"):
        with pytest.raises(RefusedDeliveryError, match="of its own"):
            asyncio.run(reached.find(read_target(url)))
    assert asyncio.run(reached.find(read_target("http://192.0.2.1/"))) == ["192.0.2.1"]


def test_name_with_a_loopback_out_of_reach_leads_to_its_other_addresses() -> None:
    """Whichever comes first."""
    reached = WebhookHosts(names=frozenset({"hooks.test"}), no_loopback="out of reach")
    for leads_to in (["192.0.2.1", "127.0.0.1"], ["::1", "192.0.2.1"]):
        with closing(Resolver(*leads_to)) as loop:
            found = loop.run_until_complete(reached.find(read_target("http://hooks.test/")))
        assert found == ["192.0.2.1"]


def test_address_of_ipv4_is_allowed_in_either_form() -> None:
    """An address of IPv6 that stands for it leads to the same host."""
    assert find("http://[::ffff:192.0.2.1]/", "192.0.2.1")[0] == ["::ffff:192.0.2.1"]
    assert find("http://192.0.2.1/", "[::ffff:192.0.2.1]")[0] == ["192.0.2.1"]


def test_allowed_hosts_are_those_of_the_server() -> None:
    """`allow_webhooks_to` holds for each sandbox."""
    server = MockLivestorm(allow_webhooks_to=["hooks.test"])
    with server, server.sandbox() as sandbox:
        assert sandbox._sandbox.webhooks.hosts == WebhookHosts(names=frozenset({"hooks.test"}))
