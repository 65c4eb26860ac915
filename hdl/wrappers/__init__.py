"""The dense core behind the buses that other designs have.

`addresses` (where the regions of the core lie in one space of words), `access` (words of that space
become requests on the core's bus, or errors), `presenter` (one presentation at a time, whose result
waits), `wrapped` (these three and the core), `packets` and `pixel_words` (pixels become images),
`axi` (AXI4-Stream for images and results, AXI4-Lite for the bus), `wishbone` (Wishbone B4 for all,
classic or pipelined), `sheet` (the data sheet of any), `bare` (the core without its probe).
"""
