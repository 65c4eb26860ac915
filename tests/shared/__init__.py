"""What tests of several rooms are written with."""
