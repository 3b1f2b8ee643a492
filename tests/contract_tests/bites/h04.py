"""H04: a client whose HTTP library follows redirects."""

from typing import ClassVar
from urllib.parse import urljoin

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.offer import Offer
from ..model_client.token_endpoint import TokenEndpoint
from ..model_client.values import Answer, Failure
from .shared.redirected import FollowsRedirects
from .shared.stored import ForgetsTokens
from .table import Bite, Table


class RefreshesOnly(Offer):
    """Gets its tokens from elsewhere."""

    ops: ClassVar[tuple[str, ...]] = ("call", "refresh", "seed", "state")


class FollowsRefreshes(RefreshesOnly, FollowsRedirects):
    """Does both."""


class HasNoWordForRedirects(TokenEndpoint):
    """Blames its settings for an answer of the server."""

    def refusal(self, answer: Answer, members: object) -> Failure:
        """Rename the failure."""
        return Failure(Kind.CONFIG_ERROR, "moved", status=answer.status)


class LooksWhereItLeads(TokenEndpoint):
    """Opens the target of a redirect, without any secret."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Look, and look at no answer."""
        answer = super().token_request(form)
        if target := answer.headers.get("location"):
            self.client.http.send("GET", urljoin(self.config["token_url"], target), headers={})
        return answer


class SendsItThere(TokenEndpoint):
    """Repeats a token request at the target of a redirect, and does not like the answer."""

    def token_request(self, form: dict[str, str]) -> Answer:
        """Repeat it, and look at no answer."""
        answer = super().token_request(form)
        if target := answer.headers.get("location"):
            url = urljoin(self.config["token_url"], target)
            self.client.http.send("POST", url, headers={}, data={**form, **self.form_credentials()})
        return answer


TABLE = Table(
    [
        Bite(ForgetsTokens, {"store-unchanged"}),
        Bite(
            FollowsRedirects,
            {
                "kind",
                "no-secret-elsewhere",
                "not-followed",
                "reply-fits-journal",
                "store-unchanged",
            },
        ),
        Bite(HasNoWordForRedirects, {"kind"}),
        Bite(LooksWhereItLeads, {"not-followed"}),
        Bite(SendsItThere, {"no-secret-elsewhere", "not-followed"}),
        # What it can't do is left out.
        Bite(RefreshesOnly),
        Bite(FollowsRefreshes, {"no-secret-elsewhere", "not-followed", "store-unchanged"}),
    ],
    follows={
        # Nothing is sent elsewhere without following.
        "no-secret-elsewhere": {"not-followed"},
    },
)
