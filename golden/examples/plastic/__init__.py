"""More networks that `golden.simulate` knows by name, whose synapses learn."""
