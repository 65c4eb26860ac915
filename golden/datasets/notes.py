"""What a user should know about the images that were read, and need not act on."""

from rich.console import Console


def note(text: str) -> None:
    """Print one line on stderr."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"note: {text}", markup=False)
