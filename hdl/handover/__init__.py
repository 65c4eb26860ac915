"""The Verilog, and what a hardware engineer gets beside it: a folder that is checked by running it.

`source` (the Verilog), `lists` (what ``$readmemh`` reads), `memories` (a model as memories),
`expected` (what golden says the core must answer), `bench` (the test bench, and the template of an
instance; `stream.v`, `axi.v` and `wishbone.v` move its ports), `package` (all files of a folder,
`fusesoc.core` among them: what FuseSoC reads).
"""
