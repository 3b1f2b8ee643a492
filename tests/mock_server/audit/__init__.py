"""Tests of the audit: for each rule, what offends against it and what does not."""
