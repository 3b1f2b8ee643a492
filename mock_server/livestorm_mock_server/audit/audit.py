"""The audit of a sandbox's journal."""

from collections.abc import Sequence

from ..beside import call_beside
from ..journal.entry import Entry
from ..sandbox import Sandbox
from .finding import Finding
from .rules import RULES
from .sent import Sent
from .traffic import Traffic


async def audit(sandbox: Sandbox) -> list[Finding]:
    """Judge what the clients sent; give what is wrong, in the order of the rules."""
    options = sandbox.options
    entries = [one for one in await sandbox.exchanges() if one.exchange.webhook is None]
    accounts = await _accounts(sandbox, entries)

    def judge() -> list[Finding]:
        traffic = Traffic(
            entries,
            accounts=accounts,
            limit=options.interval_limit if options.rate_limits else None,
            other_port=sandbox.addresses.other_port,
        )
        return [finding for rule in RULES for finding in rule.findings(traffic)]

    return await call_beside(judge, size=len(entries))


async def _accounts(sandbox: Sandbox, entries: Sequence[Entry]) -> dict[str, str]:
    """Name what the access tokens act for: a client in a workspace."""

    def read() -> set[str]:
        return {sent.bearer for sent in map(Sent, entries) if sent.bearer is not None}

    accounts: dict[str, str] = {}
    for token in await call_beside(read, size=len(entries)):
        found = await sandbox.store.find_token(token)
        if found is not None and found.user is not None:
            accounts[token] = f"{found.application.client_id} {found.user.organization.id}"
    return accounts
