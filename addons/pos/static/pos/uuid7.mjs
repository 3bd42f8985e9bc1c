/** Keys minted by the till (RFC 9562, version 7): each greater than the one before, even if the clock goes back. */

let last = 0n;

function chance(bits) {
  const words = crypto.getRandomValues(new BigUint64Array(2));
  return ((words[0] << 64n) | words[1]) & ((1n << bits) - 1n);
}

/** Mint the next one. */
export function uuid7(now = Date.now()) {
  // 48 bits of time and 74 of chance, counted as one number: adding never goes down.
  const fresh = (BigInt(now) << 74n) | chance(74n);
  last = fresh > last ? fresh : last + 1n + chance(32n);
  const time = last >> 74n;
  const high = (last >> 62n) & 0xfffn;
  const low = last & ((1n << 62n) - 1n);
  const hex = ((time << 80n) | (7n << 76n) | (high << 64n) | (2n << 62n) | low).toString(16).padStart(32, "0");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
