"""Commands, as a user starts them."""
