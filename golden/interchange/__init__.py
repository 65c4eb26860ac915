"""Networks from and for other tools: NIR, the neuromorphic intermediate representation."""
