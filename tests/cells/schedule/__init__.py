"""Programs laid out in cycles."""
