// What drivers know of a design that yosys has turned into C++; see sim/targets/library.py. DESIGN is the
// generated file. gates.h is the same for designs of Verilator.

#include <cstdint>
#include <cstring>

#include DESIGN

#define PORT(name) p_##name
#define STREAM(name, part) p_##name##____##part

namespace {

using Top = cxxrtl_design::p_core;

template <size_t bits> const uint32_t *data(const cxxrtl::value<bits> &port) { return port.data; }
template <size_t bits> const uint32_t *data(const cxxrtl::wire<bits> &port) { return port.curr.data; }

template <typename Port> bool high(const Port &port) { return *data(port) & 1; }

template <size_t bits> void set(cxxrtl::value<bits> &port, uint64_t number) {
    for (size_t i = 0; i < port.chunks; i++) port.data[i] = uint32_t(number >> (32 * i));
}

void reset(Top &top) {
    set(top.PORT(rst), 1);
    for (int i = 0; i < 4; i++) {
        set(top.PORT(clk), i & 1);
        top.step();
    }
    set(top.PORT(rst), 0);
}

// One evaluation does a whole cycle: the clock always looks as if it had just risen, so what
// follows from registers and inputs and what the registers will hold are found together. Returns
// false if that does not settle the design. Outputs are read after this and before `commit`.
bool evaluate(Top &top) {
    set(top.PORT(clk), 1);
    top.prev_p_clk.set<bool>(false);
    return top.eval();
}

void commit(Top &top) { top.commit(); }

}  // namespace
