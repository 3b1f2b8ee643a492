"""Servers that share their sandboxes."""
