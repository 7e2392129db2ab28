// The puzzle that the server asks for while a flood is on. Twin: copapp/domain/proof_of_work.py.
// SHA-256 (FIPS 180-4) is worked out here: the browser's own answers one question at a time, many times slower, and
// not at all where a page came without TLS.
const BATCH_MS = 8;
const LOOK_EVERY = 128;

const isPrime = (number) => { for (let each = 2; each * each <= number; each += 1) if (number % each === 0) return false; return true; };
const PRIMES = Array.from({ length: 312 }, (_, index) => index).filter((number) => number > 1 && isPrime(number));
const fraction = (root) => Math.floor((root % 1) * 2 ** 32) | 0;
const ROUNDS = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));

const turned = (word, by) => (word >>> by) | (word << (32 - by));
const words = new Int32Array(64);

/** Take the 64 bytes at `from` into the hash. */
function take(hash, bytes, from) {
  for (let at = 0; at < 16; at += 1) {
    const byte = from + at * 4;
    words[at] = (bytes[byte] << 24) | (bytes[byte + 1] << 16) | (bytes[byte + 2] << 8) | bytes[byte + 3];
  }
  for (let at = 16; at < 64; at += 1) {
    const early = words[at - 15];
    const late = words[at - 2];
    words[at] = words[at - 16] + (turned(early, 7) ^ turned(early, 18) ^ (early >>> 3)) + words[at - 7] + (turned(late, 17) ^ turned(late, 19) ^ (late >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = hash;
  for (let at = 0; at < 64; at += 1) {
    const one = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[at] + words[at]) | 0;
    const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  const added = [a, b, c, d, e, f, g, h];
  for (let at = 0; at < 8; at += 1) hash[at] += added[at];
}

/** The bytes of what stands before the number, whole blocks of it taken in once. */
function begun(text) {
  const bytes = new TextEncoder().encode(text);
  const hash = START.slice();
  const whole = bytes.length - (bytes.length % 64);
  for (let from = 0; from < whole; from += 64) take(hash, bytes, from);
  return { hash, rest: bytes.slice(whole), length: bytes.length };
}

/** With how many zero bits SHA-256 begins once the number is written behind; at most 32 are counted. */
function zeros({ hash: before, rest, length }, number) {
  const digits = String(number);
  const block = new Uint8Array(rest.length + digits.length > 55 ? 128 : 64);
  block.set(rest);
  for (let at = 0; at < digits.length; at += 1) block[rest.length + at] = digits.charCodeAt(at);
  block[rest.length + digits.length] = 0x80;
  new DataView(block.buffer).setUint32(block.length - 4, (length + digits.length) * 8);
  const hash = before.slice();
  for (let from = 0; from < block.length; from += 64) take(hash, block, from);
  return Math.clz32(hash[0]);
}

/** The smallest number for which SHA-256 of "challenge.key.number" begins with that many zero bits; the page stays awake. */
export async function solve(challenge, key, bits) {
  const start = begun(`${challenge}.${key}.`);
  let pause = performance.now() + BATCH_MS;
  for (let number = 0; ; number += 1) {
    if (zeros(start, number) >= bits) return String(number);
    if (number % LOOK_EVERY === 0 && performance.now() > pause) {
      await new Promise((resume) => setTimeout(resume));
      pause = performance.now() + BATCH_MS;
    }
  }
}
