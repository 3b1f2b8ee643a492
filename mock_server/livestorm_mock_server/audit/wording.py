"""How findings speak of secrets and counts."""

SHOWN = 6


def shown(secret: str) -> str:
    """Give enough of a secret to recognise it, at most a third of it."""
    start = secret[: min(SHOWN, len(secret) // 3)]
    return f"{start if start.isprintable() else ''}..."


def plural(count: int, thing: str) -> str:
    """Give `1 character`, `2 characters`."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
