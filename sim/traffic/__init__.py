"""What is sent over a line to break it."""
