"""A sandbox as a value, and as a document that can be kept."""
