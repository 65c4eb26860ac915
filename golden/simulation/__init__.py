"""A network from its name or file to its results: what `golden.simulate` is made of."""
