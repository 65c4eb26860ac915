"""Receptors: what a spike does to a cell, as pieces that any cell can have.

A cell takes them as a parameter and adds up their currents. What arrives in step t counts in step
t: with x the sum of what was kept and of the arrivals, saturated once, v sees x, and what is kept
for step t + 1 is x decayed. So v sees what was there at the begin of the step.

=========================== ===================================================================
`Delta`                     weight w lifts v by w, at once
`StepCurrent`               I = w for this one step
`CurrentExponential`        I = w e**(-t/tau)
`CurrentAlpha`              I = w t/tau e**(1 - t/tau), so w is its peak
`CurrentTwoExponentials`    I = w n (e**(-t/decay) - e**(-t/rise))
`ConductanceExponential`    the same, of g, with I = g (reversal - v)
`ConductanceAlpha`
`ConductanceTwoExponentials`
`AMPA`, `GABAA`, `GABAB`    conductances with the constants of the literature
`NMDA`                      a conductance that magnesium blocks at low v
`GABABKinetic`              a conductance by G proteins, G**4 / (G**4 + 100)
=========================== ===================================================================

n makes w the peak, or is 1. A cell that integrates exactly (`golden.cells.receptors.inlet.Patch`)
gets from a receptor what its current does to v within the step, with v in ``reversal - v`` as it
was at its begin; other cells get the current at the begin of the step.

Formats: a weight is s8.12 in the unit in which the cell counts currents, and what decays has more
fraction bits by itself: ceil(log2(tau / dt)) - 4 of them, 0 to 11, so that what is left of it when
rounding to nearest stops its decay is below 2**-8. Of a conductance, which is multiplied by a drive
of 64 mV or so, these are 4 more, and the product takes all bits of it. In a cell without a leak,
where what is left would add up, decays are rounded toward 0 and reach it.
"""
