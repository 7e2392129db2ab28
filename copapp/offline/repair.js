(() => {
  const WORDS = "words";
  const keptLanguage = () => Object.keys(localStorage).find((key) => /^copapp:[^:]+:language$/.test(key));
  const PATIENCE_MS = 8_000;
  const parts = new Set();
  let isStarted = false;
  let panel;

  function language() {
    try {
      const { value } = JSON.parse(localStorage.getItem(keptLanguage()));
      if (WORDS[value]) return value;
    } catch {}
    return navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => WORDS[tag]) ?? "en";
  }

  const say = (key) => WORDS[language()][key];

  function show({ detail }) {
    if (detail) parts.add(detail);
    if (panel?.isConnected) return;
    if (!document.body) return addEventListener("DOMContentLoaded", show, { once: true });
    const said = document.createElement("p");
    said.textContent = say("broken.part");
    const again = button(say("broken.repair"), async () => {
      again.disabled = true;
      again.disabled = await repair();
      if (!again.disabled) said.textContent = say("broken.unreached");
    });
    again.className = "main";
    panel = Object.assign(document.createElement("div"), { className: "toast", lang: language() });
    panel.style.cssText = "position:fixed;inset:12px 12px auto;z-index:9;margin:auto;padding:12px 16px;max-width:560px;width:auto;background:var(--card,Canvas);color:var(--ink,CanvasText)";
    panel.setAttribute("role", "alert");
    panel.append(said, again, button(say("notice.close"), () => panel.remove()));
    document.body.append(panel);
  }

  const button = (label, onclick) => Object.assign(document.createElement("button"), { type: "button", textContent: label, onclick });

  async function repair() {
    const signal = AbortSignal.timeout(10_000);
    const programme = await fetch("/api/v1/programme", { cache: "no-store", signal }).then((answer) => answer.json()).catch(() => null);
    if (!programme?.release) return false;
    for (const each of (await navigator.serviceWorker?.getRegistrations().catch(() => [])) ?? []) await each.unregister();
    for (const each of (await globalThis.caches?.keys().catch(() => [])) ?? []) await caches.delete(each);
    for (const { name } of performance.getEntriesByType("resource")) if (name.startsWith(location.origin)) parts.add(name);
    for (const { href, src } of document.querySelectorAll("link[href], script[src]")) parts.add(href || src);
    await Promise.allSettled([...parts].filter((each) => !each.includes("/api/")).map((each) => fetch(each, { cache: "reload" })));
    location.reload();
    return true;
  }

  // An empty part, or one of another's, is kept by the browser and is no error of an element: nothing starts, load after load.
  function showIfNotStarted() {
    if (isStarted || panel || location.pathname.startsWith("/admin")) return;
    show({});
    addEventListener("copapp:started", () => panel.remove(), { once: true });
  }

  addEventListener("copapp:started", () => { isStarted = true; }, { once: true });
  addEventListener("load", () => setTimeout(showIfNotStarted, PATIENCE_MS), { once: true });
  addEventListener("vite:preloadError", show);
  addEventListener("copapp:missing", show);
  addEventListener("error", ({ target }) => target.matches?.("script, link[rel=modulepreload], link[rel=stylesheet]") && show({}), true);
})();
