// Reads addresses with the phone's own functions; run by tests/test_strange_addresses.py with the store's folder and a file of
// { addresses, known, conference }.
import { readFileSync } from "node:fs";

const [folder, file] = process.argv.slice(2);
const address = await import(`${folder}/address.js`);
const { readCarried } = await import(`${folder}/carried.js`);
const { addresses, known, conference } = JSON.parse(readFileSync(file, "utf8"));

function read(text) {
  const { pathname, search, hash } = new URL(`http://companion.test${text}`);
  const filters = address.filtersOf(search, known);
  const last = pathname.split("/").at(-1);
  return {
    path: pathname,
    filters,
    search: address.searchOf(filters),
    again: address.filtersOf(address.searchOf(filters), known),
    written: address.writtenAsOurs(pathname),
    meant: address.meantPath(pathname, known),
    event: address.named(search, "event", known.events),
    stairs: address.avoidsStairs(search),
    nearest: address.nearest(last, known.events),
    isCarrying: address.isCarrying(hash),
    carried: readCarried(hash, conference),
  };
}

console.log(JSON.stringify(addresses.map(read)));
