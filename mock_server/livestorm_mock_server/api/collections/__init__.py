"""Collections of the API: lists, items, and what changes them (JSON:API 1.1)."""
