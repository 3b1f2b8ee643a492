"""Which variants of a case a client is put to, and which ones tell of its mistake."""

import pytest

from ..bites.a02 import Public
from ..bites.h03 import TakesItsTokenAlong
from ..bites.h05 import CallsAnyURL, FollowsLinks, FollowsTheNextPage
from ..bites.i04 import KnowsNoCancel
from ..bites.play import put
from ..bites.table import Bite
from ..model_client.part import Part


def test_public_client_is_judged_by_its_own_checks_of_pkce() -> None:
    """Without a secret the same is demanded, and more strictly."""
    checks = {one.check.removeprefix("A02:public-") for one in put("A02", Bite(Public)).checks}
    assert checks >= {"challenge", "verifier-fits", "verifier-form", "fresh"}


def test_token_is_followed_to_each_other_origin() -> None:
    """A token that is taken along is seen on another port, on another host, and over http."""
    assert len(put("H03", Bite(TakesItsTokenAlong)).variants) == 15


@pytest.mark.parametrize(
    ("client", "links"),
    [
        (FollowsLinks, {"next to another host", "next to another port", "next to another http"}),
        (FollowsTheNextPage, {"next to another host", "next to another http"}),
        (CallsAnyURL, {"called to another host"}),
    ],
)
def test_link_to_another_origin_is_found(client: type[Part], links: set[str]) -> None:
    """Another port or scheme is another origin, too."""
    assert set(put("H05", Bite(client)).variants) >= links


def test_cancellation_that_is_not_offered_breaks_nothing() -> None:
    """The variant without a cancelled call is judged to its end, and no reason is left to tell."""
    assert put("I04", Bite(KnowsNoCancel, apart=True)).reason is None
