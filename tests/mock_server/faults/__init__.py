"""Tests of the kinds of faults: what each does, and what is on the wire."""
