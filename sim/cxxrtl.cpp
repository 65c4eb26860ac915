// Drives the core that yosys has turned into C++; see sim/cxxrtl.py.

#include "cxxrtl.h"

namespace {

constexpr int INPUTS = 3;

struct Feed {
    const uint64_t *queue;
    uint64_t length;
    uint64_t at;
    uint64_t valid;
};

// A payload is all ones while it is not valid.
template <size_t bits> void drive(cxxrtl::value<bits> &port, bool valid, const Feed &feed) {
    uint64_t payload = valid ? feed.queue[feed.at] : ~uint64_t(0);
    if (bits < 64) payload &= (uint64_t(1) << (bits % 64)) - 1;
    for (size_t i = 0; i < port.chunks; i++) port.data[i] = uint32_t(payload >> (32 * i));
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
        top.p_pixels____valid.set<bool>(valid[0]);
        top.p_start____valid.set<bool>(valid[1]);
        top.p_bus____valid.set<bool>(valid[2]);
        drive(top.p_pixels____payload, valid[0], feeds[0]);
        drive(top.p_start____payload, valid[1], feeds[1]);
        drive(top.p_bus____payload, valid[2], feeds[2]);
        top.p_result____ready.set<bool>(take_result);
        top.p_response____ready.set<bool>(take_response);
        if (!evaluate(top)) return -1;
        end(feeds[0], high(now(top.p_pixels____ready)));
        end(feeds[1], high(now(top.p_start____ready)));
        end(feeds[2], high(now(top.p_bus____ready)));
        if (all || (take_result && high(now(top.p_result____valid))) ||
            (take_response && high(now(top.p_response____valid)))) {
#define TAP(at, bytes, port) std::memcpy(row + at, now(top.port).data, bytes);
            TAPS
#undef TAP
            row += size;
        }
        top.commit();
    }
    return (row - rows) / int64_t(size);
}

}
