"""The error that ends the launcher."""


class LaunchError(Exception):
    """One sentence that says what is wrong and what to do; it is printed, and the launcher exits with code 1."""
