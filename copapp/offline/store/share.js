// The phone's own doors: its share sheet, its clipboard, its way to install.
import { set, state } from "./state.js";

const say = (key) => set({ notice: { key } });

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say("share.copied");
  } catch {
    say("share.not_copied");
  }
}

export async function share(title, address) {
  if (!navigator.share) return copy(address);
  try {
    await navigator.share({ title, url: address });
  } catch (error) {
    if (error.name !== "AbortError") await copy(address);
  }
}

let prompt = null;

export async function install() {
  await prompt?.prompt();
}

const isApple = () => /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.userAgent.includes("Mac") && navigator.maxTouchPoints > 1);
const isInstalled = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;

export function startInstall() {
  set({ install: isInstalled() ? "installed" : isApple() ? "ios" : "manual" });
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    prompt = event;
    if (state().install !== "installed") set({ install: "prompt" });
  });
  addEventListener("appinstalled", () => set({ install: "installed" }));
}
