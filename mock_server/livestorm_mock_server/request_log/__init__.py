"""The request log: what `serve` writes on standard error while it serves."""
