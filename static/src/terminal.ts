// One terminal of the page: xterm in a pane, joined to its Connection. It opens
// when its pane is first shown and keeps the size of the pane.

import { FitAddon } from "@xterm/addon-fit";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { WebglAddon } from "@xterm/addon-webgl";
import { Terminal as Xterm } from "@xterm/xterm";
import { Backoff } from "./backoff";
import { Connection, type Status } from "./connection";
import { insertLine } from "./line";
import { notePresence } from "./api";
import { tell } from "./dialog";
import { slot, type Page } from "./page";
import { recall } from "./store";
import { fontFamily, theme } from "./theme";
import { clamp, type Place, type Size } from "./wire";

/** ESC c, a terminal's full reset: it clears in order with the bytes around it. */
const fullReset = Uint8Array.of(0x1b, 0x63);

export class Terminal {
  readonly node: string;
  private readonly xterm: Xterm;
  private readonly fit = new FitAddon();
  private readonly connection: Connection;
  private opened = false;
  private noticeTimer: ReturnType<typeof setTimeout> | undefined;
  private status: Status = { kind: "stopped" };

  /** leave takes the focus out of the terminal, which keeps the Tab key. */
  constructor(
    private readonly pane: HTMLElement,
    private readonly page: Page,
    private readonly leave: () => void,
  ) {
    this.node = pane.dataset["node"] ?? "";
    this.xterm = newXterm();
    this.connection = new Connection((size, place) => this.url(size, place), this.screen(), (status) => this.show(status), new Backoff(), () => document.hidden);
    slot(pane, "reconnect").addEventListener("click", () => this.connection.hurry());
    slot(pane, "resume").addEventListener("click", () => {
      this.xterm.focus();
      void notePresence(page).catch((cause: Error) => tell(cause.message));
    });
  }

  /** Opens the terminal if need be, connects it and gives it the focus. */
  enter(focus: boolean): void {
    if (!this.opened) this.open();
    this.resize();
    this.connection.start();
    if (focus) this.xterm.focus();
  }

  stop(): void {
    this.connection.stop();
  }

  hurry(): void {
    this.connection.hurry();
  }

  /** Shows again what is to be said of the terminal, once the session's state has changed. */
  update(): void {
    if (this.status.kind === "live") this.show(this.status);
  }

  private open(): void {
    this.opened = true;
    this.load();
    this.xterm.open(slot(this.pane, "screen"));
    this.xterm.textarea?.setAttribute("aria-label", `${this.pane.getAttribute("aria-label")}: ${this.page.word("terminal.input")}`);
    accelerate(this.xterm);
    this.xterm.attachCustomKeyEventHandler((event) => this.key(event));
    this.xterm.onData((text) => this.connection.type(text));
    this.xterm.onBinary((text) => this.connection.typeBinary(text));
    this.xterm.onResize(() => this.connection.resize());
    new ResizeObserver(() => requestAnimationFrame(() => this.resize())).observe(this.pane);
  }

  private load(): void {
    this.xterm.loadAddon(this.fit);
    this.xterm.loadAddon(new WebLinksAddon());
    this.xterm.loadAddon(new Unicode11Addon());
    this.xterm.unicode.activeVersion = "11";
  }

  private screen() {
    return {
      size: () => ({ cols: this.xterm.cols, rows: this.xterm.rows }),
      clear: () => this.xterm.write(fullReset),
      write: (bytes: Uint8Array, done: () => void) => this.xterm.write(bytes, done),
      ending: (seconds: number) => insertLine(this.xterm, this.page.word("terminal.ending", { Minutes: Math.ceil(seconds / 60) })),
    };
  }

  private resize(): void {
    if (this.opened && this.pane.offsetWidth > 0) this.fit.fit();
  }

  private url(size: Size, place: Place): string {
    const { cols, rows } = clamp(size);
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const path = `/api/v1/sessions/${encodeURIComponent(this.page.session)}/terminals/${encodeURIComponent(this.node)}`;
    const query = new URLSearchParams({ cols: String(cols), rows: String(rows), viewer: place.viewer, run: place.run, output: String(place.output) });
    return `${scheme}//${location.host}${path}?${query.toString()}`;
  }

  /** Keys that are the page's: copy, paste, leave. False keeps one from the shell. */
  private key(event: KeyboardEvent): boolean {
    if (event.key === "F6" && event.shiftKey) {
      event.preventDefault();
      if (event.type === "keydown") this.leave();
      return false;
    }
    if (!event.ctrlKey || !event.shiftKey) return true;
    if (event.code === "KeyV") return false; // the browser pastes
    if (event.code !== "KeyC") return true;
    event.preventDefault();
    if (event.type === "keydown") this.copy();
    return false;
  }

  private copy(): void {
    if (!this.xterm.hasSelection()) return;
    if (navigator.clipboard) void navigator.clipboard.writeText(this.xterm.getSelection()).catch(() => document.execCommand("copy"));
    else document.execCommand("copy");
  }

  private show(status: Status): void {
    clearTimeout(this.noticeTimer);
    this.status = status;
    this.pane.dataset["live"] = String(status.kind === "live");
    const paused = status.kind === "live" && this.page.state === "paused";
    const strip = slot(this.pane, "status");
    strip.hidden = (status.kind === "live" && !paused) || status.kind === "stopped";
    strip.dataset["kind"] = paused ? "paused" : status.kind;
    slot(this.pane, "resume").hidden = !paused;
    slot(this.pane, "status-text").textContent = this.say(status);
    slot(this.pane, "reconnect").hidden = status.kind !== "waiting";
    if (status.kind === "error" || status.kind === "full") this.noticeTimer = setTimeout(() => (strip.hidden = true), 5_000);
  }

  private say(status: Status): string {
    const { word, state } = this.page;
    switch (status.kind) {
      case "connecting":
        return state === "paused" ? word("terminal.waking") : word("terminal.connecting");
      case "waiting":
        return word("terminal.waiting", { Seconds: status.seconds });
      case "exited":
        return word("terminal.exited");
      case "error":
        return word("terminal.error", { Detail: status.detail });
      case "full":
        return word("terminal.full");
      case "live":
        return state === "paused" ? word("terminal.paused") : "";
      case "stopped":
        return "";
    }
  }
}

function newXterm(): Xterm {
  return new Xterm({
    allowProposedApi: true, // unicode versions
    cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    fontFamily,
    fontSize: 14,
    lineHeight: 1.2,
    logLevel: "off", // each odd byte of a binary file would be a line in the console
    minimumContrastRatio: 4.5,
    scrollback: 5_000,
    theme,
    linkHandler: { activate: (_event, uri) => window.open(uri, "_blank", "noopener,noreferrer") },
  });
}

/** Draws with WebGL where there is one that works, else xterm's own way. */
function accelerate(xterm: Xterm): void {
  if (recall("renderer") === "dom") return;
  try {
    const webgl = new WebglAddon();
    webgl.onContextLoss(() => webgl.dispose());
    xterm.loadAddon(webgl);
  } catch (cause) {
    console.info("the terminal is drawn without WebGL", cause);
  }
}
