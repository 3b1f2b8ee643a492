"""The way that needs nothing of the system: variables that lead the command's clients here."""

from collections.abc import Sequence

from .channel import Channel
from .way import Arrival, Attempt, Fake, Launch, Process


class EnvironmentWay:
    """Leads the command by its environment; what heeds none of it is not led."""

    name = "environment"

    def enter(self) -> None:
        """Need nothing."""

    def converse(self, channel: Channel) -> None:
        """Change nothing in the child."""

    async def prepare(self, fake: Fake, channel: Channel, command: Sequence[str]) -> Launch:
        """Give the variables."""
        return Launch()

    def process_of(self, arrival: Arrival) -> Process | None:
        """Find whose request it is."""
        return None

    def tell(self, arrival: Arrival) -> str:
        """Say how it came."""
        return "by the fake's own URL"

    def attempts(self) -> Sequence[Attempt]:
        """Give what went elsewhere."""
        return ()

    def notes(self) -> Sequence[str]:
        """Give what else is to be said."""
        return ()

    async def close(self) -> None:
        """End nothing."""
