// Sends one set of numbers after the other through a component whose ports have a timetable; made and called by
// sim/targets/vectors.py. SIMULATOR is cxxrtl.h or gates.h. INTERVAL, STEADY, INPUTS and OUTPUTS come before it.

#include SIMULATOR

namespace {

// The number that is at a port in a cycle, or -1 if none has to be.
int64_t turn(int64_t cycle, int64_t first, int64_t count) {
    const int64_t passed = cycle - first;
    if (passed < 0 || passed % INTERVAL || passed / INTERVAL >= count) return -1;
    return passed / INTERVAL;
}

}  // namespace

extern "C" {

// Returns 0, or -1 if one evaluation does not settle the design.
int run(const uint64_t *steady, const uint64_t *const *inputs, uint64_t *const *outputs, int64_t count,
        int64_t settling, int64_t cycles) {
    auto made = new Top;
    auto &top = *made;
    reset(top);
#define PIECE(n) set(top.PORT(c##n), steady[n]);
    STEADY
#undef PIECE
    set(top.PORT(start), 0);
    bool settled = true;
    for (int64_t cycle = -settling; settled && cycle < cycles; cycle++) {
        set(top.PORT(start), cycle == 0);
        int64_t k;
#define INPUT(n, read) \
    if ((k = turn(cycle, read, count)) >= 0) set(top.PORT(i##n), inputs[n][k]);
        INPUTS
#undef INPUT
        settled = evaluate(top);
#define OUTPUT(n, write, bytes) \
    if ((k = turn(cycle, write, count)) >= 0) std::memcpy(&outputs[n][k], data(top.PORT(o##n)), bytes);
        OUTPUTS
#undef OUTPUT
        commit(top);
    }
    delete made;
    return settled ? 0 : -1;
}

}
