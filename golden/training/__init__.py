"""What is learned in which order, and what comes of it."""
