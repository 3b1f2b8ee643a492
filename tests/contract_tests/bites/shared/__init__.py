"""Broken parts that several cases are tried with."""
