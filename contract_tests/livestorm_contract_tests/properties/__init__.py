"""The property-based core: drawn answers and drawn sequences, judged by the invariants."""
