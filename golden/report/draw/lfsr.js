// Pseudo-random words, as golden/numbers/lfsr.py: a 32-bit register, one word a draw.

const SPREAD = 2654435769;

// Spread a seed over the register; never 0.
function seeded(seed) {
  return Math.imul(seed, SPREAD) >>> 0 || 1;
}

// Advance the register by one word.
function advanced(register) {
  register ^= register << 13;
  register ^= register >>> 17;
  register ^= register << 5;
  return register >>> 0;
}
