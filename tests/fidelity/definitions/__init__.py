"""Definitions of our own cases: requests only, `record.py` adds the engine's answers."""
