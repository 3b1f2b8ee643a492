"""Answers that Hypothesis draws."""
