"""What a user does with a device."""
