"""Servers beside the fake: in front of it, or without an end."""
