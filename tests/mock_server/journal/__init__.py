"""Tests of the journal: the ring, what an exchange tells, following it, its exports."""
