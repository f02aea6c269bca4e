// What the server put into the page for this script: the session and the texts
// of the interface in the page's language.

export type State = "queued" | "preparing" | "ready" | "paused" | "ended" | "failed";

export type Values = Record<string, string | number>;

export interface Page {
  session: string;
  lang: string;
  state: State;
  stage: string;
  reset_at: string | null;
  replaced_at: string | null;
  expires_at: string | null;
  extendable_until: string | null;
  created_at: string;
  now: string; // by the server's clock
  presence: number; // seconds between two signs of it; 0: nobody asks
  word(id: string, values?: Values): string;
}

/** Reads the page's data block; null on a page that has none. */
export function readPage(): Page | null {
  const block = document.getElementById("page-data");
  if (!block) return null;
  const data = JSON.parse(block.textContent) as Omit<Page, "word"> & { words: Record<string, string> };
  return { ...data, word: (id, values) => fill(data.words[id] ?? id, values) };
}

/** What the page shows: that of the state, but the terminals while the lab is being set up. */
export function view(state: State, stage: string | null): State | "setup" {
  return state === "preparing" && stage === "setup" ? "setup" : state;
}

/** Puts values where a text says {{.Name}}. */
export function fill(text: string, values: Values = {}): string {
  return text.replace(/\{\{\.(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The element inside root that the template named so. It must be there. */
export function slot<T extends HTMLElement>(root: ParentNode, name: string): T {
  const found = root.querySelector<T>(`[data-slot="${name}"]`);
  if (!found) throw new Error(`the page has no ${name}`);
  return found;
}

/** A fresh copy of what the template element with that id holds. */
export function clone(id: string): DocumentFragment {
  const template = document.getElementById(id) as HTMLTemplateElement;
  return template.content.cloneNode(true) as DocumentFragment;
}
