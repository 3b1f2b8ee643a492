"""The labels of endpoints are those of the route tables."""

import httpx
import pytest
from livestorm_mock_server import MockLivestorm
from livestorm_mock_server.api.resources import api_routes
from livestorm_mock_server.doorkeeper import routes
from livestorm_mock_server.exchange import Exchange
from livestorm_mock_server.labels import all_labels
from livestorm_mock_server.rails.response import Response
from livestorm_mock_server.reading import InvalidInputError
from livestorm_mock_server.routing import Route

BUILT_IN = (*routes.ROUTES, *api_routes(()))


async def authorize_device(exchange: Exchange) -> Response:
    """Stand for an endpoint that the engine may have one day (RFC 8628)."""
    del exchange
    return Response(status=200, headers={}, body=b"")


def test_route_added_to_the_table_can_be_armed(
    http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its line in the table is all that a new endpoint needs to be struck."""
    path = "/oauth/authorize_device"
    device = Route(path=path, label="device", actions={"POST": authorize_device})
    monkeypatch.setattr(routes, "ROUTES", (*routes.ROUTES, device))
    # An option makes a scenario of its own, whose labels nobody has asked for before.
    with MockLivestorm(rate_limits=False) as sandbox:
        assert http.post(f"{sandbox.app_url}{path}").status_code == 200
        sandbox.faults.arm(on="device", fault="html_page", status=503)
        assert http.post(f"{sandbox.app_url}{path}").status_code == 503


@pytest.mark.parametrize("label", sorted({name for one in BUILT_IN for name in one.labels}))
def test_label_of_a_route_can_be_armed(livestorm_server: MockLivestorm, label: str) -> None:
    """Whatever the release: a fault may be armed for an endpoint that only a later one has."""
    with livestorm_server.sandbox() as sandbox:
        assert sandbox.faults.arm(on=label, fault="close").fault.on == label


def test_label_that_no_route_has_is_refused(livestorm_server: MockLivestorm) -> None:
    """A sandbox has no labels beside those of its routes."""
    with livestorm_server.sandbox() as sandbox, pytest.raises(InvalidInputError, match="'device'"):
        sandbox.faults.arm(on="device", fault="close")


def test_labels_have_groups_kinds_and_declared_resources() -> None:
    """A fault on `api` or `token` strikes all of theirs, one on a kind only this."""
    labels = all_labels([("api.events", ["GET", "PUT"])])
    assert {"token", "token.refresh_token", "api", "api.me", "api.events"} <= set(labels)
    assert labels["api.events"] == {"GET", "HEAD", "PUT"}
    assert labels["token.refresh_token"] == {"POST"}
    assert set(labels["api"]) == {"GET", "HEAD", "PUT"}
