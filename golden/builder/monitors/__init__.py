"""What is recorded while a network runs."""
