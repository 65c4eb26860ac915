"""Components that know of no core."""
