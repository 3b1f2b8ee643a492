"""Tests of how faults are put in place: where, when and how often they strike."""
