"""What all commands share; how one is written is said in `frame`."""
