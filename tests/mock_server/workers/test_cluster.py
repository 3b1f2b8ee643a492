"""A store that is a cluster: each sandbox is on one node, and found from any."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import redis

from ..conftest import Start
from ..redis_servers import need_server, redis_cluster
from .conftest import Machine

MOST = 60


def sizes(ports: list[int]) -> list[int]:
    """Give how many keys each node has."""
    found = []
    for port in ports:
        with redis.Redis(port=port) as client:
            found.append(int(str(client.dbsize())))
    return found


@pytest.fixture
def ports(tmp_path: Path) -> Iterator[list[int]]:
    """Where the nodes of a cluster are."""
    need_server()
    with redis_cluster(tmp_path) as found:
        yield found


def test_sandboxes_are_spread_over_the_nodes(
    ports: list[int], start: Start, http: httpx.Client
) -> None:
    """Two servers that know another node each serve the same sandboxes, wherever these are."""
    urls = []
    for port in ports[:2]:
        served = start("--json", "--quiet", "--store", f"redis://127.0.0.1:{port}?patience=20")
        urls.append(served.describes_itself()["app_url"])
    opened = 0
    while not all(sizes(ports)) and opened < MOST:
        opened += 1
        described = http.post(f"{urls[0]}/_mock/sandboxes").json()
        one, other = (Machine(f"{url}/s/{described['id']}", http) for url in urls)
        one.control("POST", "faults", on="api.ping", fault="api_error", status=503, times=1)
        pair = one.control("POST", "tokens")
        assert [other.ping().status_code, one.ping().status_code] == [503, 401]
        asked = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
        credentials = {name: described[name] for name in ("client_id", "client_secret")}
        assert other.token(**asked, **credentials).status_code == 200
        assert one.numbers() == [1, 2, 3]
    assert all(sizes(ports)), sizes(ports)
    listed = Machine(urls[1], http).control("GET", "sandboxes")["sandboxes"]
    assert len(listed) == opened + 1


def test_node_that_is_gone_takes_its_sandboxes_alone(
    ports: list[int], start: Start, http: httpx.Client
) -> None:
    """What is on other nodes is served as before, where the cluster lets it be."""
    for port in ports:
        with redis.Redis(port=port) as client:
            client.config_set("cluster-require-full-coverage", "no")
    served = start("--json", "--quiet", "--store", f"redis://127.0.0.1:{ports[0]}")
    url = served.describes_itself()["app_url"]
    opened = [http.post(f"{url}/_mock/sandboxes").json()["id"] for _ in range(12)]
    with redis.Redis(port=ports[2]) as client:
        there = {key.decode().partition("}")[0].rpartition("/")[2] for key in client.keys("{*")}
        client.shutdown(nosave=True)
    statuses = {one: http.get(f"{url}/s/{one}/_mock/clock").status_code for one in opened}
    gone = {one for one, status in statuses.items() if status == 503}
    assert gone == there & set(opened)
    assert set(statuses.values()) <= {200, 503}
