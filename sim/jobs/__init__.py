"""What is run: a network is loaded, learns, and is read back."""
