"""The audit of a sandbox's journal."""

from collections.abc import Iterable

from ..journal.entry import Entry
from ..sandbox import Sandbox
from .finding import Finding
from .rules import RULES
from .sent import Sent
from .traffic import Traffic


async def audit(sandbox: Sandbox) -> list[Finding]:
    """Judge what the clients sent; give what is wrong, in the order of the rules."""
    entries, options = list(sandbox.journal), sandbox.options
    traffic = Traffic(
        entries,
        accounts=await _accounts(sandbox, entries),
        limit=options.interval_limit if options.rate_limits else None,
        other_port=sandbox.addresses.other_port,
    )
    return [finding for rule in RULES for finding in rule.findings(traffic)]


async def _accounts(sandbox: Sandbox, entries: Iterable[Entry]) -> dict[str, str]:
    """Name what the access tokens act for: a client in a workspace."""
    accounts: dict[str, str] = {}
    for token in {sent.bearer for sent in map(Sent, entries) if sent.bearer is not None}:
        found = await sandbox.store.find_token(token)
        if found is not None and found.user is not None:
            accounts[token] = f"{found.application.client_id} {found.user.organization.id}"
    return accounts
