// Drives a compiled core; made and called by sim/targets/cxxrtl.py. SIMULATOR is cxxrtl.h or gates.h. What streams the
// core has is said by sim/targets/taps.py: INPUTS, OUTPUTS, N_INPUTS, ROW_BYTES and TAPS.

#include SIMULATOR

namespace {

struct Feed {
    const uint64_t *queue;
    uint64_t length;
    uint64_t at;
    uint64_t valid;
};

// A payload is all ones while it is not valid.
uint64_t payload(bool valid, const Feed &feed, int bits) {
    const uint64_t all = ~uint64_t(0) >> (64 - bits);
    return (valid ? feed.queue[feed.at] : all) & all;
}

bool offer(Feed &feed, bool offered) {
    feed.valid = feed.valid || (offered && feed.at < feed.length);
    return feed.valid;
}

void end(Feed &feed, bool ready) {
    if (feed.valid && ready) {
        feed.valid = 0;
        feed.at++;
    }
}

}  // namespace

extern "C" {

Top *open_simulation() {
    auto *made = new Top;
    reset(*made);
    return made;
}

void close_simulation(Top *simulation) { delete simulation; }

// Returns the rows written, or -1 if one evaluation does not settle the design. Without `all`, only
// cycles in which something is taken give a row.
int64_t run(Top *simulation, Feed *feeds, const uint32_t *go, uint64_t cycles, int all, uint8_t *rows) {
    auto &top = *simulation;
    uint8_t *row = rows;
    constexpr size_t size = ROW_BYTES;
    for (uint64_t cycle = 0; cycle < cycles; cycle++) {
        const uint32_t flags = go[cycle];
        bool valid[N_INPUTS];
#define INPUT(i, name, bits)                      \
    valid[i] = offer(feeds[i], flags >> i & 1);   \
    set(top.STREAM(name, valid), valid[i]);       \
    set(top.STREAM(name, payload), payload(valid[i], feeds[i], bits));
        INPUTS
#undef INPUT
#define OUTPUT(i, name) set(top.STREAM(name, ready), flags >> i & 1);
        OUTPUTS
#undef OUTPUT
        if (!evaluate(top)) return -1;
#define INPUT(i, name, bits) end(feeds[i], high(top.STREAM(name, ready)));
        INPUTS
#undef INPUT
        bool taken = false;
#define OUTPUT(i, name) taken |= (flags >> i & 1) && high(top.STREAM(name, valid));
        OUTPUTS
#undef OUTPUT
        if (all || taken) {
#define TAP(at, bytes, name) std::memcpy(row + at, data(top.PORT(name)), bytes);
            TAPS
#undef TAP
            row += size;
        }
        commit(top);
    }
    return (row - rows) / int64_t(size);
}

}
