// The far end of a top level's serial line, 8 data bits, no parity, 1 stop bit; see sim/targets/serial.py.
// SIMULATOR is cxxrtl.h or gates.h.

#include <algorithm>
#include <deque>

#include SIMULATOR

namespace {

constexpr int BITS = 10;  // Start, eight of data, stop.
constexpr int END = 0xC0;  // Of a frame, after which somebody waits for it.

// Levels, the first one lowest, each held for so many cycles.
struct Levels {
    uint32_t high;
    int left;
    uint64_t cycles;
};

// Shifts levels out, one directly after the other.
struct Sender {
    std::deque<Levels> queue;
    Levels now = {0, 0, 0};
    uint64_t wait = 0;

    bool level() {
        if (wait == 0 && now.left == 0 && !queue.empty()) {
            now = queue.front();
            queue.pop_front();
        }
        if (wait == 0 && now.left) wait = now.cycles;
        const bool high = now.left ? now.high & 1 : true;
        if (wait && --wait == 0) {
            now.high >>= 1;
            now.left--;
        }
        return high;
    }
};

// Samples every bit in its middle.
struct Receiver {
    std::deque<uint8_t> bytes;
    uint32_t frame = 0;
    int taken = 0;
    uint64_t wait = 0;
    uint64_t spoiled = 0;
    bool idle = true;

    // Tells whether a frame has ended.
    bool take(bool high, uint64_t divisor) {
        if (idle) {
            if (high) return false;
            idle = false;
            frame = 0;
            taken = 0;
            wait = divisor / 2;
        }
        if (wait--) return false;
        frame |= uint32_t(high) << taken++;
        wait = divisor - 1;
        if (taken < BITS) return false;
        idle = true;
        if ((frame & 1) || !high) {
            spoiled++;
            return false;
        }
        bytes.push_back(uint8_t(frame >> 1));
        return bytes.back() == END;
    }
};

struct Line {
    Top top;
    uint64_t divisor;
    Sender out;
    Receiver in;
};

}  // namespace

extern "C" {

Line *open_line(uint64_t divisor) {
    auto *made = new Line;
    made->divisor = divisor;
    set(made->top.PORT(rx), 1);
    reset(made->top);
    return made;
}

void close_line(Line *line) { delete line; }

void send(Line *line, const uint8_t *bytes, uint64_t length) {
    for (uint64_t i = 0; i < length; i++)
        line->out.queue.push_back({uint32_t(bytes[i]) << 1 | 1u << (BITS - 1), BITS, line->divisor});
}

// Holds the line, after what has been sent.
void hold(Line *line, int high, uint64_t cycles) {
    if (cycles) line->out.queue.push_back({uint32_t(high), 1, cycles});
}

// Bytes, and levels that are held, that the top level has not got yet.
uint64_t unsent(const Line *line) { return line->out.queue.size(); }

// Bytes without a stop bit.
uint64_t spoiled(const Line *line) { return line->in.spoiled; }

// Takes at most `length` of the bytes that have come; returns how many.
uint64_t receive(Line *line, uint8_t *bytes, uint64_t length) {
    auto &come = line->in.bytes;
    if (come.size() < length) length = come.size();
    std::copy(come.begin(), come.begin() + length, bytes);
    come.erase(come.begin(), come.begin() + length);
    return length;
}

// Runs until a frame has ended, but not longer than `cycles`; returns the cycles that it took, or
// -1 if one evaluation does not settle the design.
int64_t run(Line *line, uint64_t cycles) {
    auto &top = line->top;
    for (uint64_t cycle = 0; cycle < cycles; cycle++) {
        set(top.PORT(rx), line->out.level());
        if (!evaluate(top)) return -1;
        const bool high_now = high(top.PORT(tx));
        commit(top);
        if (line->in.take(high_now, line->divisor)) return cycle + 1;
    }
    return cycles;
}

}
