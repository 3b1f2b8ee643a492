"""Starting the fake: the only module here that does not reach it over HTTP."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec
from livestorm_mock_server import MockLivestorm
from livestorm_mock_server.scenario import DEFAULT_USER, ApplicationEntry, UserEntry
from livestorm_mock_server.scenario_files import load_scenario, with_options

from .control import PASSER_BY

for _name in ("livestorm_mock_server", "uvicorn"):
    # What the fake refuses is in its journal; without a handler it would be on standard error.
    logging.getLogger(_name).addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """The client's registration at the provider."""

    client_id: str
    client_secret: str
    redirect_uri: str
    confidential: bool = True


@contextmanager
def start_fake(
    scenario: str, registration: Registration, provider: Mapping[str, object], *, seed: str
) -> Iterator[str]:
    """Serve a scenario to one registered client; give the URL of its control API.

    `provider` holds provider options that replace the scenario's. Raises the fake's own errors.
    """
    application = ApplicationEntry(
        name="Client under test",
        client_id=registration.client_id,
        client_secret=registration.client_secret,
        redirect_uris=(registration.redirect_uri,),
        confidential=registration.confidential,
    )
    loaded = load_scenario(scenario)
    others = tuple(one for one in loaded.applications if one.client_id != application.client_id)
    loaded = msgspec.structs.replace(
        loaded,
        applications=(application, *others),
        users=(*(loaded.users or (DEFAULT_USER,)), UserEntry(email=PASSER_BY)),
    )
    with MockLivestorm(with_options(loaded, provider), seed=seed) as server:
        yield server.control_url
