"""What puts the fake where the real hosts are."""
