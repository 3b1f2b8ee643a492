"""The control room: one page that shows what clients did, and makes the next thing go wrong."""
