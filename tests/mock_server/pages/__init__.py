"""Tests of the fake's own pages, on the wire; tests/browser has a person go through them."""
