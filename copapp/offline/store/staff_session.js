// Whether a staff page may go on showing what it shows, and what the doors answered. No part of delegates' pages.
import { useContext, useEffect, useState } from "react";
import { EventLoopContext } from "$/utils/context-registry";

const SIGN_IN = "/admin/sign-in";
const arrived = typeof location === "undefined" ? "" : location.pathname;

/** Nothing of the page stays: not on the screen, not behind the back button. */
function leave() {
  document.body.replaceChildren();
  location.replace(SIGN_IN);
}

/** Leaves when the session has ended. Gives the status of the answer, 0 without one: then nothing can be known, and what is half written must stay. */
export async function check() {
  try {
    const { status } = await fetch("/admin/session", { cache: "no-store" });
    if (status === 401) leave();
    return status;
  } catch {
    return 0;
  }
}

/** Stands once on every staff page: asks after the session when the socket falters or the page comes back. */
export function useSession() {
  const [, errors] = useContext(EventLoopContext);
  useEffect(() => {
    if (errors.length) check();
  }, [errors]);
  useEffect(() => {
    const look = () => document.visibilityState === "visible" && check();
    const events = [[document, "visibilitychange"], [window, "pageshow"], [window, "online"]];
    for (const [target, name] of events) target.addEventListener(name, look);
    return () => events.forEach(([target, name]) => target.removeEventListener(name, look));
  }, []);
  return true;
}

/** Stands on the sign-in: what the page before held goes, in memory and in this tab's storage. */
export function useSignedOut() {
  useEffect(() => {
    for (const name of Object.keys(sessionStorage)) if (name === "token" || name.startsWith("copapp:staff:")) sessionStorage.removeItem(name);
    if (arrived !== location.pathname) location.reload();
  }, []);
  return true;
}

/** What the address says after "?"; "" in the page as it was drawn. */
export function useSaid(name) {
  const [said, say] = useState("");
  useEffect(() => say(new URLSearchParams(location.search).get(name) ?? ""), [name]);
  return said;
}
