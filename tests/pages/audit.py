"""What `docs/audit.md` lists: the rules."""

from livestorm_mock_server.audit.rules import RULES


def rule_table() -> str:
    """Give the rules as a Markdown table."""
    rows = [f"| `{r.id}` | {r.severity} | {r.wrong} | {r.reference} |\n" for r in RULES]
    return "".join(["| rule | severity | the client | reference |\n|---|---|---|---|\n", *rows])
