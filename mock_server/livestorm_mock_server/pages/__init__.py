"""The fake's own pages for a browser: where it begins, where it ends, and who is signed in."""
