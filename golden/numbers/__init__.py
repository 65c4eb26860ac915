"""What a number is: formats and random words."""
