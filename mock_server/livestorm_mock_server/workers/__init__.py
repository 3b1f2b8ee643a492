"""Servers that share their sandboxes with others: the application, and processes side by side."""
