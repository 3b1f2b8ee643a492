"""Tests of the faults: where and when they strike, and each kind on the wire."""
