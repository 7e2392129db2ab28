// The puzzle that the server asks for while a flood is on. Twin: copapp/domain/proof_of_work.py.
const AT_ONCE = 512;

async function bitsOf(text) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  const first = digest.findIndex((byte) => byte !== 0);
  return first < 0 ? 256 : first * 8 + Math.clz32(digest[first]) - 24;
}

/** The smallest number for which SHA-256 of "challenge.key.number" begins with that many zero bits; the page stays awake. */
export async function solve(challenge, key, bits) {
  for (let from = 0; ; from += AT_ONCE) {
    const found = await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => bitsOf(`${challenge}.${key}.${from + index}`)));
    const index = found.findIndex((zeros) => zeros >= bits);
    if (index >= 0) return String(from + index);
    await new Promise((resume) => setTimeout(resume));
  }
}
