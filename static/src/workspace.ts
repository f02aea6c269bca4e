// The terminals of the page and the tabs that choose between them, operated as
// ARIA describes tabs: arrows, Home and End move, the chosen one shows.

import type { Page } from "./page";
import { Terminal } from "./terminal";

export class Workspace {
  private readonly tabs: HTMLButtonElement[];
  private readonly terminals: Terminal[];
  private chosen = 0;
  private running = false;

  constructor(root: HTMLElement, page: Page) {
    this.tabs = [...root.querySelectorAll<HTMLButtonElement>("[role=tab]")];
    this.terminals = [...root.querySelectorAll<HTMLElement>(".pane")].map((pane) => new Terminal(pane, page, () => this.tabs[this.chosen]?.focus()));
    this.tabs.forEach((tab, i) => {
      tab.addEventListener("click", () => this.choose(i, true));
      tab.addEventListener("keydown", (event) => this.key(event));
    });
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => this.hurry());
  }

  get node(): string {
    return this.terminals[this.chosen]?.node ?? "";
  }

  /** Connects the chosen terminal; calling it again changes nothing. */
  start(): void {
    if (this.running) return;
    this.running = true;
    this.terminals[this.chosen]?.enter(false);
  }

  /** Lets the terminals say that the session is paused, or no longer. */
  update(): void {
    for (const terminal of this.terminals) terminal.update();
  }

  stop(): void {
    this.running = false;
    for (const terminal of this.terminals) terminal.stop();
  }

  /** Shows the terminal on that node, if there is one. */
  show(node: string): void {
    const i = this.terminals.findIndex((terminal) => terminal.node === node);
    if (i >= 0) this.choose(i, false);
  }

  private choose(chosen: number, focus: boolean): void {
    this.chosen = chosen;
    this.tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === chosen));
      tab.tabIndex = i === chosen ? 0 : -1;
      const pane = document.getElementById(tab.getAttribute("aria-controls") ?? "");
      if (pane) pane.hidden = i !== chosen;
    });
    if (this.running) this.terminals[chosen]?.enter(focus);
  }

  private key(event: KeyboardEvent): void {
    const last = this.tabs.length - 1;
    const to = { ArrowRight: this.chosen + 1, ArrowLeft: this.chosen - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.choose(to < 0 ? last : to > last ? 0 : to, false);
    this.tabs[this.chosen]?.focus();
  }

  /** Lets terminals that wait to reconnect try at once. */
  hurry(): void {
    if (document.hidden) return;
    for (const terminal of this.terminals) terminal.hurry();
  }
}
