"""What a command was asked for wrongly."""


class UsageError(Exception):
    """What was asked for can't be done; the text names the option and what was expected."""
