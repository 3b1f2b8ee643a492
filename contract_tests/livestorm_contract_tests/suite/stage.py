"""The stage of a case: the client, the fake behind it, and what is found out."""

from random import Random

from ..fake.control import Sandbox
from .client import Client
from .verdict_book import VerdictBook


class Stage:
    """What a case works with: `client`, `fake`, and `check` for what it finds out."""

    def __init__(
        self,
        *,
        client: Client,
        fake: Sandbox,
        verdicts: VerdictBook,
        random: Random,
        patience: float,
    ) -> None:
        self.client = client
        self.fake = fake
        self.verdicts = verdicts
        self.check = verdicts.check
        self.check_kind = verdicts.check_kind
        self.random = random
        self.patience = patience
        self._others: list[Client] = []

    def second_process(self) -> Client:
        """Start the client a second time, on the same store."""
        lease = self.client.lease.another()
        client = Client(lease, self.client.config, self.fake, self.verdicts)
        self._others.append(client)
        client.begin_case()
        return client

    def settle(self) -> None:
        """Let operations go on that a case has left under way, and wait for their replies.

        The next case must not begin before.
        """
        clients = [self.client, *self._others]
        if any(one.is_busy for one in clients):
            self.fake.disarm()
        for one in clients:
            one.settle()

    def stop_other_processes(self) -> None:
        """End the processes that the case has started beside the first."""
        for other in self._others:
            other.lease.close()
