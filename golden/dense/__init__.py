"""One dense layer that learns images by winner-take-all and STDP: the specification."""
