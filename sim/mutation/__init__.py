"""Random faults in a netlist: drawn, compiled together, tried, and judged if they survive."""
