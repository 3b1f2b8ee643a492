"""Whether a client keeps its tokens through a failure."""

from typing import TYPE_CHECKING

from ..driving.messages import StoredToken
from ..driving.outcome import Outcome

if TYPE_CHECKING:
    from ..suite.stage import Stage


def check_kept(stage: "Stage", name: str, before: StoredToken | None, *outcomes: Outcome) -> None:
    """Check that the store is as it was before; nothing is judged where the client has no word."""
    if stage.client.can("state"):
        kept = stage.stored() == before and not stage.needs_reauth()
        stage.check(name, kept, *outcomes, told="the stored tokens have changed")
