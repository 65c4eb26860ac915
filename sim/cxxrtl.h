// What all drivers of compiled designs share; see sim/library.py. DESIGN is the generated file.

#include <cstdint>
#include <cstring>

#include DESIGN

namespace {

using Top = cxxrtl_design::p_core;

template <size_t bits> const cxxrtl::value<bits> &now(const cxxrtl::value<bits> &port) { return port; }
template <size_t bits> const cxxrtl::value<bits> &now(const cxxrtl::wire<bits> &port) { return port.curr; }

template <size_t bits> bool high(const cxxrtl::value<bits> &port) { return port.data[0] & 1; }

void reset(Top &top) {
    top.p_rst.set<bool>(true);
    for (int i = 0; i < 4; i++) {
        top.p_clk.set<bool>(i & 1);
        top.step();
    }
    top.p_rst.set<bool>(false);
}

// One evaluation does a whole cycle: the clock always looks as if it had just risen, so what
// follows from registers and inputs and what the registers will hold are found together. Returns
// false if that does not settle the design. Outputs are read after this and before `commit`.
bool evaluate(Top &top) {
    top.p_clk.set<bool>(true);
    top.prev_p_clk.set<bool>(false);
    return top.eval();
}

}  // namespace
