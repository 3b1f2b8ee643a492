"""Holds the fake against recorded exchanges of the real engine."""
