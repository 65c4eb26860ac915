// Drives the compiled core; made and called by sim/targets/library.py. SIMULATOR is cxxrtl.h or gates.h.

#include SIMULATOR

namespace {

constexpr int INPUTS = 3;

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
// cycles in which a result or a response is taken give a row.
int64_t run(Top *simulation, Feed *feeds, const uint8_t *go, uint64_t cycles, int all, uint8_t *rows) {
    auto &top = *simulation;
    uint8_t *row = rows;
    constexpr size_t size = ROW_BYTES;
    for (uint64_t cycle = 0; cycle < cycles; cycle++) {
        const uint8_t flags = go[cycle];
        bool valid[INPUTS];
        for (int i = 0; i < INPUTS; i++) valid[i] = offer(feeds[i], flags >> i & 1);
        const bool take_result = flags >> 3 & 1, take_response = flags >> 4 & 1;
        set(top.STREAM(pixels, valid), valid[0]);
        set(top.STREAM(start, valid), valid[1]);
        set(top.STREAM(bus, valid), valid[2]);
        set(top.STREAM(pixels, payload), payload(valid[0], feeds[0], PIXELS_BITS));
        set(top.STREAM(start, payload), payload(valid[1], feeds[1], START_BITS));
        set(top.STREAM(bus, payload), payload(valid[2], feeds[2], BUS_BITS));
        set(top.STREAM(result, ready), take_result);
        set(top.STREAM(response, ready), take_response);
        if (!evaluate(top)) return -1;
        end(feeds[0], high(top.STREAM(pixels, ready)));
        end(feeds[1], high(top.STREAM(start, ready)));
        end(feeds[2], high(top.STREAM(bus, ready)));
        if (all || (take_result && high(top.STREAM(result, valid))) ||
            (take_response && high(top.STREAM(response, valid)))) {
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
