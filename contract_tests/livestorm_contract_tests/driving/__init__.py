"""How a client under test is driven: one schema of messages, several carriers."""
