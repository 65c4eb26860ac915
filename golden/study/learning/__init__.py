"""Networks that learn, in integers and in float64."""
