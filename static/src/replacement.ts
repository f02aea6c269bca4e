// The notice that a damaged cluster was replaced by a fresh one. It stays until the
// learner has said OK, in this browser.

import { yieldFocus } from "./menu";
import type { Page } from "./page";
import { recall, remember } from "./store";

/** Returns what shows the notice for the time of the last replacement. */
export function replacement(page: Page): (at: string | null) => void {
  const notice = document.getElementById("replaced");
  const key = `replaced.${page.session}`;
  let told = recall(key);
  let last: string | null = null;
  notice?.querySelector("button")?.addEventListener("click", () => {
    told = last;
    if (last !== null) remember(key, last);
    yieldFocus(notice);
    notice.hidden = true;
  });
  return (at) => {
    last = at;
    if (notice) notice.hidden = at === null || at === told;
  };
}
