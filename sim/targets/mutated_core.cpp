// A core with a selector of mutants; see sim/mutation/selected.py.

#include "core.cpp"

// Wakes a mutant and resets, with it awake.
extern "C" void choose(Top *simulation, uint64_t number) {
    set(simulation->PORT(mutant), number);
    reset(*simulation);
}
