"""Products of factors that are wider than those of a multiplier."""

from amaranth.hdl import Module, Value

from hdl.cells.product import Product

CYCLES = 2
"""From factors to their product."""


def multiplied(m: Module, name: str, a: Value, b: Value, width: int) -> Value:
    """Return the exact product of two signed numbers, ``CYCLES`` later.

    Every pair of their limbs has a multiplier of ``width`` bits.
    """
    terms = []
    for i, left in enumerate(limbs(a, width)):
        for j, right in enumerate(limbs(b, width)):
            m.submodules[f"{name}{i}_{j}"] = part = Product(width, CYCLES)
            m.d.comb += [part.a.eq(left), part.b.eq(right)]
            terms.append(part.product << (i + j) * (width - 1))
    return sum(terms[1:], terms[0])


def limbs(value: Value, width: int) -> list[Value]:
    """Cut a signed number into factors: all but the last, signed one are not negative.

    Limb i counts ``2**(i * (width - 1))``.
    """
    step = width - 1
    cuts = range(0, max(1, len(value) - 1), step)
    return [
        value[i:].as_signed() if i + step >= len(value) - 1 else value[i : i + step] for i in cuts
    ]
