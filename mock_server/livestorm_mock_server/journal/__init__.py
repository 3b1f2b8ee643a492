"""The journal of a sandbox, its filters, and its exports."""
