"""What not every network core has: gap junctions, short-term plasticity.

========= ==========================================================================
junctions what flows through gap junctions
release   how much a spike of a plastic axon transmits
========= ==========================================================================
"""
