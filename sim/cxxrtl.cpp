// Drives the core that yosys has turned into C++; see sim/cxxrtl.py. DESIGN is the generated file.

#include <cstdint>
#include <cstring>

#include DESIGN

namespace {

constexpr int INPUTS = 3;

struct Simulation {
    cxxrtl_design::p_core top;
};

struct Feed {
    const uint64_t *queue;
    uint64_t length;
    uint64_t at;
    uint64_t valid;
};

template <size_t bits> const cxxrtl::value<bits> &now(const cxxrtl::value<bits> &port) { return port; }
template <size_t bits> const cxxrtl::value<bits> &now(const cxxrtl::wire<bits> &port) { return port.curr; }

template <size_t bits> bool high(const cxxrtl::value<bits> &port) { return port.data[0] & 1; }

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

Simulation *open_simulation() {
    auto *made = new Simulation;
    auto &top = made->top;
    top.p_rst.set<bool>(true);
    for (int i = 0; i < 4; i++) {
        top.p_clk.set<bool>(i & 1);
        top.step();
    }
    top.p_rst.set<bool>(false);
    return made;
}

void close_simulation(Simulation *simulation) { delete simulation; }

// Returns the rows written, or -1 if one evaluation does not settle the design. Without `all`, only
// cycles in which a result or a response is taken give a row.
//
// One evaluation does a whole cycle: the clock always looks as if it had just risen, so what
// follows from registers and inputs and what the registers will hold are found together.
int64_t run(Simulation *simulation, Feed *feeds, const uint8_t *go, uint64_t cycles, int all, uint8_t *rows) {
    auto &top = simulation->top;
    uint8_t *row = rows;
    constexpr size_t size = ROW_BYTES;
    top.p_clk.set<bool>(true);
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
        top.prev_p_clk.set<bool>(false);
        if (!top.eval()) return -1;
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
