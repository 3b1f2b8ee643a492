"""A01: clients whose state can be guessed, or is none of the flow's."""

import itertools
from urllib.parse import urlencode

from livestorm_contract_tests.suite.verdicts import Verdict

from ..model_client.authorization import Authorization
from ..model_client.client import ModelClient
from ..model_client.operations import Operations
from ..model_client.values import Message, Pending
from .shared.verbose import CarriesItsSessionAlong
from .table import Bite, Table


class SendsNoState(Authorization):
    """Leaves the state out, as a client does whose state is optional."""

    def authorization_parameters(self, pending: Pending) -> dict[str, str]:
        """Leave it out."""
        return {k: v for k, v in super().authorization_parameters(pending).items() if k != "state"}


class DrawsOneState(Authorization):
    """Draws the state when it starts."""

    state = "q8jKp2ZxV0aQmN4tRw7YbL1cDf6HsUe3"

    def new_state(self) -> str:
        """Give it again."""
        return self.state


class CountsFlows(Authorization):
    """Numbers its flows, and a number can be guessed, however long it is."""

    def __init__(self, client: ModelClient) -> None:
        super().__init__(client)
        self._numbers = itertools.count(1)

    def new_state(self) -> str:
        """Give the number."""
        return f"{next(self._numbers):032d}"


class DrawsShortState(Authorization):
    """Takes eight characters of a good state, and 48 bits are too few."""

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


class CrashesAtTheStart(Authorization):
    """Expects a setting that is not there."""

    def new_pending(self) -> Pending:
        """Look it up."""
        self.config["login_hint"]
        return super().new_pending()


class TellsNoUrl(Operations):
    """Begins, and keeps the URL to itself."""

    def op_begin(self, message: Message) -> Message:
        """Leave it out."""
        return {"kind": super().op_begin(message)["kind"]}


TABLE = Table(
    [
        Bite(SendsNoState, {"present"}),
        Bite(BeginsAlike, {"present"}),
        Bite(DrawsOneState, {"unique"}),
        Bite(CountsFlows, {"unguessable"}),
        Bite(DrawsShortState, {"unguessable"}),
        Bite(CarriesItsSessionAlong, {"short-enough"}),
        Bite(TellsNoUrl, verdict=Verdict.ERROR),
        Bite(CrashesAtTheStart, {"authorization-taken"}),
    ],
)
