"""Hostile input, kept: raw requests, what Puma makes of them, and the fake held against it."""
