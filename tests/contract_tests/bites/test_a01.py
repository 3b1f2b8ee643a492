"""A01: clients whose state can be guessed, or is none of the flow's."""

import itertools
from urllib.parse import urlencode

from .conftest import Put, failed
from .model_client import ModelClient, Pending


class SendsNoState(ModelClient):
    """Leaves the state out, as a client does whose state is optional."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Leave it out."""
        return {k: v for k, v in super().authorization_parameters(pending).items() if k != "state"}


class DrawsOneState(ModelClient):
    """Draws the state when it starts."""

    state = "q8jKp2ZxV0aQmN4tRw7YbL1cDf6HsUe3"

    def new_state(self) -> str:
        """Give it again."""
        return self.state


class CountsFlows(ModelClient):
    """Numbers its flows."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers = itertools.count(1)

    def new_state(self) -> str:
        """Give the number."""
        return f"{next(self._numbers):032d}"


class DrawsShortState(ModelClient):
    """Takes eight characters of a good state."""

    def new_state(self) -> str:
        """Cut it."""
        return super().new_state()[:8]


class BeginsAlike(SendsNoState):
    """Makes the same URL for each flow: without state and PKCE."""

    def authorize_url(self, pending: Pending) -> str:
        """Make it by hand."""
        asked = self.authorization_parameters(pending)
        kept = {k: v for k, v in asked.items() if not k.startswith("code_")}
        return f"{self.config['authorize_url']}?{urlencode(kept)}"


def test_missing_state_is_found(put: Put) -> None:
    """No state at all."""
    assert failed(put("A01", SendsNoState)) == {"present"}


def test_missing_state_of_equal_urls_is_found(put: Put) -> None:
    """Flows are told apart by their answers."""
    assert failed(put("A01", BeginsAlike)) == {"present"}


def test_state_of_two_flows_is_found(put: Put) -> None:
    """The same state again."""
    assert failed(put("A01", DrawsOneState)) == {"unique"}


def test_counted_state_is_found(put: Put) -> None:
    """A number is long and unique, and can be guessed."""
    assert failed(put("A01", CountsFlows)) == {"unguessable"}


def test_short_state_is_found(put: Put) -> None:
    """48 bits are too few."""
    assert failed(put("A01", DrawsShortState)) == {"unguessable"}
