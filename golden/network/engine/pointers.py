"""Addresses as compiled code sees them: plain memory of one kind of integer.

Arrays of numba know their lengths, and count from the end where an index is negative: what takes
them apart makes up most of a loop's compilation, and keeps it from vector instructions. Here
``i32(address)[k]`` is the k-th word at an address, and nothing else.
"""

# numba's decorators are made at run time, where types cannot follow.
# pyright: reportAttributeAccessIssue=false, reportCallIssue=false, reportIndexIssue=false

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


def _words(kind: types.Integer):
    """Return a function from an address to words."""

    @intrinsic
    def words(typingctx, address):
        def generate(context, builder, signature, arguments):
            return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

        return types.CPointer(kind)(types.int64), generate

    return words


i16, i32, i64, u32 = map(_words, (types.int16, types.int32, types.int64, types.uint32))


@intrinsic
def call(
    typingctx, address, words, sums, apart, blocks, shared, tables, keys, first, fired, counts
):
    """Call a kernel by its address; all arguments are int64, pointers too."""
    signature = types.int64(*[types.int64] * 11)

    def generate(context, builder, signature, arguments):
        word = ir.IntType(64)
        kind = ir.FunctionType(word, [word] * 10)
        function = builder.inttoptr(arguments[0], kind.as_pointer())
        return builder.call(function, arguments[1:])

    return signature, generate


@intrinsic
def act(typingctx, address, rule, first, last, step, sums, keys):
    """Call a function of a rule (`golden.network.engine.events`) by its address; all are int64."""
    signature = types.int64(*[types.int64] * 7)

    def generate(context, builder, signature, arguments):
        word = ir.IntType(64)
        kind = ir.FunctionType(word, [word] * 6)
        function = builder.inttoptr(arguments[0], kind.as_pointer())
        return builder.call(function, arguments[1:])

    return signature, generate
