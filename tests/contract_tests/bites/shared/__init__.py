"""Broken parts, and what scripts are made of, that several tables share."""
