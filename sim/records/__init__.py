"""What is compared, and how a difference is shown."""
