"""Reports of a run: JSON is canonical, the others are made from the same results."""
