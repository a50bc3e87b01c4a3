"use strict";
// Unpacks a stream of the kind `.lzma`: a browser's own way to unpack knows deflate alone, which packs the core a third worse.
// The names are those of the LZMA specification (Igor Pavlov, in the public domain).

/** Bytes out of a `.lzma` file's bytes. */
function unlzma(input) {
  const chances = (count) => new Uint16Array(count).fill(1024);
  const lc = input[0] % 9;
  const lp = Math.floor(input[0] / 9) % 5;
  const pb = Math.floor(input[0] / 45);

  // The range decoder. Thirteen bytes of header, and the first byte behind it is always 0.
  let at = 14;
  let range = 0xffffffff;
  let code = 0;
  const next = () => {
    if (at >= input.length) throw new Error("the core is cut short");
    return input[at++];
  };
  for (let i = 0; i < 4; i++) code = ((code << 8) | next()) >>> 0;
  const widen = () => {
    if (range < 0x1000000) {
      range = (range << 8) >>> 0;
      code = ((code << 8) | next()) >>> 0;
    }
  };
  const bit = (table, index) => {
    const bound = (range >>> 11) * table[index];
    const one = code >= bound;
    if (one) {
      range -= bound;
      code -= bound;
      table[index] -= table[index] >> 5;
    } else {
      range = bound;
      table[index] += (2048 - table[index]) >> 5;
    }
    widen();
    return one ? 1 : 0;
  };
  const direct = (count) => {
    let value = 0;
    for (let i = 0; i < count; i++) {
      range >>>= 1;
      const one = code >= range;
      if (one) code -= range;
      value = value * 2 + (one ? 1 : 0);
      widen();
    }
    return value;
  };
  const tree = (table, from, bits) => {
    let node = 1;
    for (let i = 0; i < bits; i++) node = (node << 1) | bit(table, from + node);
    return node - (1 << bits);
  };
  const reverse = (table, from, bits) => {
    let node = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const one = bit(table, from + node);
      node = (node << 1) | one;
      value |= one << i;
    }
    return value;
  };

  const lengths = () => ({ choice: chances(2), low: chances(128), mid: chances(128), high: chances(256) });
  const length = ({ choice, low, mid, high }, position) => {
    if (!bit(choice, 0)) return tree(low, position << 3, 3);
    return bit(choice, 1) ? 16 + tree(high, 0, 8) : 8 + tree(mid, position << 3, 3);
  };
  const slots = chances(256);
  const positions = chances(115);
  const align = chances(16);
  const distance = (size) => {
    const slot = tree(slots, Math.min(size, 3) << 6, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + reverse(positions, base - slot, bits);
    return base + direct(bits - 4) * 16 + reverse(align, 0, 4);
  };

  const literals = chances(0x300 << (lc + lp));
  const isMatch = chances(192);
  const isRep = chances(12);
  const isRepG0 = chances(12);
  const isRepG1 = chances(12);
  const isRepG2 = chances(12);
  const isRep0Long = chances(192);
  const matched = lengths();
  const repeated = lengths();
  let out = new Uint8Array(1 << 21);
  let size = 0;
  const put = (byte) => {
    if (size === out.length) {
      const larger = new Uint8Array(2 * size);
      larger.set(out);
      out = larger;
    }
    out[size++] = byte;
  };
  const literal = (state, back) => {
    const before = size ? out[size - 1] : 0;
    const from = 0x300 * (((size & ((1 << lp) - 1)) << lc) + (before >> (8 - lc)));
    let symbol = 1;
    if (state >= 7) {
      for (let other = out[size - back - 1]; symbol < 0x100; other <<= 1) {
        const expected = (other >> 7) & 1;
        const one = bit(literals, from + ((1 + expected) << 8) + symbol);
        symbol = (symbol << 1) | one;
        if (one !== expected) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | bit(literals, from + symbol);
    put(symbol & 0xff);
  };

  let state = 0;
  // The last four distances, the latest first.
  const reps = [0, 0, 0, 0];
  for (;;) {
    const position = size & ((1 << pb) - 1);
    let count;
    if (!bit(isMatch, (state << 4) + position)) {
      literal(state, reps[0]);
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    } else if (!bit(isRep, state)) {
      count = length(matched, position);
      state = state < 7 ? 7 : 10;
      reps.pop();
      reps.unshift(distance(count));
      if (reps[0] === 0xffffffff) return out.subarray(0, size);
    } else if (!bit(isRepG0, state)) {
      if (!bit(isRep0Long, (state << 4) + position)) {
        state = state < 7 ? 9 : 11;
        put(out[size - reps[0] - 1]);
        continue;
      }
      count = length(repeated, position);
      state = state < 7 ? 8 : 11;
    } else {
      const which = !bit(isRepG1, state) ? 1 : !bit(isRepG2, state) ? 2 : 3;
      reps.unshift(...reps.splice(which, 1));
      count = length(repeated, position);
      state = state < 7 ? 8 : 11;
    }
    for (count += 2; count > 0; count--) put(out[size - reps[0] - 1]);
  }
}
