// Run by copapp/offline/site.py: draw every page of one release with the built server bundle.
// usage: node prerender.mjs JOB.json     JOB: { pages: [{ address, file, head, embedded }], fallback, into }
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

async function write({ address, file, embedded, head }, headers = {}) {
  globalThis.copappEmbedded = embedded;
  const response = await draw(new Request(`http://localhost${address}`, { headers }));
  if (response.status !== 200) throw new Error(`${address} was drawn with status ${response.status}`);
  const html = (await response.text()).replaceAll(REFLEXS_IMAGE, "").replace("</head>", () => `${head}${carried(embedded)}</head>`);
  await mkdir(dirname(join(job.into, file)), { recursive: true });
  await writeFile(join(job.into, file), html);
}

for (const page of job.pages) await write(page);
await write(job.fallback, { "X-React-Router-SPA-Mode": "yes" });
