"""Contract tests that judge any client's error handling against the fake."""
