"""The house rules, held for every file."""
