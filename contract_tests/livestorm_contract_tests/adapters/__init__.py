"""Adapters: the few lines that let the suite drive a client."""
