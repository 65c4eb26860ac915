// A top level with a selector of mutants behind its line; see sim/mutation/selected.py.

#include "serial.cpp"

// Wakes a mutant and resets, with it awake.
extern "C" void choose(Line *line, uint64_t number) {
    set(line->top.PORT(mutant), number);
    reset(line->top);
}
