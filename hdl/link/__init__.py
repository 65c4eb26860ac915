"""The core behind a serial line, as ``docs/link.md`` says.

rx -> uart -> slip -> requests -> store -> executor -> replies -> uart -> tx
                                   core <-^
"""
