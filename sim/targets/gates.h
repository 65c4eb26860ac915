// What drivers know of a netlist that Verilator has turned into C++; see sim/targets/gates.py. cxxrtl.h is
// the same for designs of yosys.

#include <cstdint>
#include <cstring>

#include "Vcore.h"
#include "verilated.h"

#define PORT(name) name
#define STREAM(name, part) name##___05F##part

namespace {

// Whatever is unknown, be it what a memory holds or what a cell's model calls x, is random.
struct Random {
    Random() {
        context.randReset(2);
        context.randSeed(1);
    }
    VerilatedContext context;
};

struct Top : Random, Vcore {
    // The first evaluation makes all unknown, inputs too.
    Top() : Vcore(&context) { eval(); }
    ~Top() { final(); }
};

template <typename Port> const Port *data(const Port &port) { return &port; }

template <typename Port> bool high(const Port &port) { return port & 1; }

template <typename Port> void set(Port &port, uint64_t number) { port = Port(number); }

void reset(Top &top) {
    set(top.PORT(rst), 1);
    for (int i = 0; i < 4; i++) {
        set(top.PORT(clk), i & 1);
        top.eval();
    }
    set(top.PORT(rst), 0);
}

// Outputs are read after this and before `commit`, when the clock rises.
bool evaluate(Top &top) {
    set(top.PORT(clk), 0);
    top.eval();
    return true;
}

void commit(Top &top) {
    set(top.PORT(clk), 1);
    top.eval();
}

}  // namespace
