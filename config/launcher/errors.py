"""What keeps the house from opening, in one sentence that says what to do."""


class LaunchError(Exception):
    """Printed as it is; the launcher then ends with exit code 1."""
