// Run by copapp/offline/site.py: draw every page of one release with the built server bundle.
// usage: node prerender.mjs JOB.json     JOB: { pages: [{ address, file, head, embedded }], fallback, wordless, into }
// `wordless` are pages of each kind with nothing in their texts that HTML could take for its own: whatever script stands in them is
// the build's, and no other is allowed to run (scripts.json, read by shelf.py).
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createRequestHandler } from "react-router";

process.env.IS_RR_BUILD_REQUEST = "yes";
const job = JSON.parse(await readFile(process.argv[2], "utf8"));
const bundle = await import("./build/server/index.js");
const draw = createRequestHandler({ ...bundle, prerender: job.pages.map(({ address }) => address) }, "production");

// "<" is written as an escape, so that no text of the programme can end the script element that carries it.
const carried = (embedded) => `<script type="application/json" id="programme">${JSON.stringify(embedded).replaceAll("<", "\\u003c")}</script>`;

// What a shared link shows is link_preview's to say; Reflex names its own icon.
const REFLEXS_IMAGE = /<meta content="[^"]*" property="og:image"\/>/g;

const SHELL = { "X-React-Router-SPA-Mode": "yes" };
const INLINE = /<script(?![^>]*\ssrc=)[^>]*>(.*?)<\/script>/gs;

async function drawn({ address, embedded }, headers = {}) {
  globalThis.copappEmbedded = embedded;
  const response = await draw(new Request(`http://localhost${address}`, { headers }));
  if (response.status !== 200) throw new Error(`${address} was drawn with status ${response.status}`);
  return (await response.text()).replaceAll(REFLEXS_IMAGE, "");
}

async function write(page, headers) {
  const { file, embedded, head } = page;
  const html = (await drawn(page, headers)).replace("</head>", () => `${head}${carried(embedded)}</head>`);
  await mkdir(dirname(join(job.into, file)), { recursive: true });
  await writeFile(join(job.into, file), html);
}

for (const page of job.pages) await write(page);
await write(job.fallback, SHELL);

const shells = [await drawn(job.wordless.at(-1), SHELL)];
for (const page of job.wordless) shells.push(await drawn(page));
const scripts = shells.flatMap((html) => [...html.matchAll(INLINE)].map(([, code]) => createHash("sha256").update(code).digest("base64")));
await writeFile(join(job.into, "scripts.json"), JSON.stringify([...new Set(scripts)].sort()));
