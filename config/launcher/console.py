"""What the launcher prints."""


def print_now(text: str) -> None:
    """Print without buffering: whoever reads the launcher's output through a pipe sees each step as it happens."""
    print(text, flush=True)
