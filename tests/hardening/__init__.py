"""The fake under load, under attack and under accidents."""
