"""Any core behind a serial line, as ``docs/link.md`` says.

rx -> uart -> slip -> requests -> store -> executor -> replies -> uart -> tx
                                   core <-^

`top` and `link` connect. The executor has its states in `graph`; `states` makes flip-flops of them;
`ops` `cursor` `tally` `answers` `transfers` `totals` are its parts. `protocol` has the numbers;
`checksum` is of both directions. What a core adds is a `service`: see `dense`
and `network`.
"""
