"""Webhooks: what the fake sends to the URLs of clients, and what becomes of it."""
