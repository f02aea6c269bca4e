// Tells the server that the learner is there, for as long as the page can be
// seen: a cluster with nobody there is paused, and resumed by this.

import { notePresence } from "./api";
import type { Page } from "./page";

/** Says so at once, whenever the page comes into view, and in between; returns how to stop. */
export function bePresent(page: Page): () => void {
  if (page.presence === 0) return () => {};
  const say = () => {
    // What goes wrong shows in the session's events; the next time is soon.
    if (!document.hidden) void notePresence(page).catch(() => {});
  };
  const timer = setInterval(say, page.presence * 1000);
  document.addEventListener("visibilitychange", say);
  say();
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", say);
  };
}
