// The end of the session: how much time is left, the notice when it is little,
// and more time for whoever asks for it.

import { extendSession, Problem, type Session } from "./api";
import { tell } from "./dialog";
import { yieldFocus } from "./menu";
import { slot, type Page } from "./page";

/** For how long, in milliseconds, the page says that there is more time now. */
const thanks = 8_000;

/** What may be left, in minutes, when the notice comes up again. */
export const warnings = [30, 10, 2];

/** How long the hour and the minutes are that are left. */
export function parts(seconds: number): { Hours: number; Minutes: number } {
  const minutes = Math.max(0, Math.ceil(seconds / 60));
  return { Hours: Math.floor(minutes / 60), Minutes: minutes % 60 };
}

/** The warning that is due with so much left of so long a session, in minutes, or 0; one that is longer than the session never is. */
export function due(left: number, whole: number): number {
  return warnings.filter((minutes) => left <= minutes * 60 && minutes * 60 < whole).at(-1) ?? 0;
}

export type Kind = "none" | "soon" | "urgent" | "extended";

/** What the notice says, when that warning is due, that one was put away, and the end was put off so many milliseconds ago. */
export function noticeKind(warning: number, away: number, extended: number): Kind {
  if (extended < thanks) return "extended";
  if (warning === 0 || warning === away) return "none";
  return warning === warnings.at(-1) ? "urgent" : "soon";
}

export class Ending {
  private readonly notice: HTMLElement;
  private readonly skew: number; // of the server's clock against this one
  private expires: number | null = null;
  private extendable = false;
  private said = 0; // the warning given last
  private put = 0; // the warning that was put away
  private extended = 0; // when the learner got more time, last
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly page: Page) {
    this.notice = document.getElementById("ending") as HTMLElement;
    this.skew = Date.parse(page.now) - Date.now();
    for (const button of extendButtons()) button.addEventListener("click", () => void this.extend());
    slot(this.notice, "later").addEventListener("click", () => {
      this.put = this.said;
      this.draw();
    });
    this.show(page);
  }

  show(session: Pick<Session, "expires_at" | "extendable_until">): void {
    this.expires = session.expires_at === null ? null : Date.parse(session.expires_at);
    this.extendable = session.extendable_until !== null;
    if (this.expires !== null) this.timer ??= setInterval(() => this.draw(), 1_000);
    else this.stop();
    this.draw();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.expires = null;
    this.draw();
  }

  private draw(): void {
    for (const button of extendButtons()) button.hidden = !this.extendable || this.expires === null;
    const end = this.expires ?? Infinity;
    const left = (end - this.skew - Date.now()) / 1000;
    const warning = due(left, (end - Date.parse(this.page.created_at)) / 1000);
    this.header(left);
    if (warning === 0) this.said = this.put = 0;
    const kind = this.expires === null ? "none" : noticeKind(warning, this.put, Date.now() - this.extended);
    this.frame(kind);
    if (kind === "none") return;
    const text = kind === "extended" ? this.page.word("ending.extended", { Time: this.time() }) : this.text(left);
    const shown = slot(this.notice, "ending-text");
    if (shown.textContent !== text) shown.textContent = text;
    if (kind !== "extended" && warning !== this.said) this.say(warning, text);
  }

  /** Shows the notice as that kind. */
  private frame(kind: Kind): void {
    const actions = slot(this.notice, "ending-actions");
    if (kind === "none" || kind === "extended") yieldFocus(actions);
    this.notice.dataset["kind"] = kind;
    this.notice.hidden = kind === "none";
    actions.hidden = kind === "extended";
    slot(actions, "later").textContent = this.extendable ? this.page.word("ending.later") : this.page.word("ending.seen");
  }

  /** Has the notice read out, once for each warning. */
  private say(warning: number, text: string): void {
    this.said = warning;
    slot(document, warning === warnings.at(-1) ? "ending-alert" : "ending-news").textContent = text;
  }

  private header(left: number): void {
    const line = document.getElementById("expires");
    if (!line) return;
    line.hidden = this.expires === null;
    if (line.hidden) return;
    slot(document, "expires").textContent = this.time();
    slot(document, "left").textContent = this.left(left);
  }

  private text(left: number): string {
    const values = { Left: this.left(left), Time: this.time() };
    return this.extendable ? this.page.word("ending.soon", values) : this.page.word("ending.last", values);
  }

  private left(seconds: number): string {
    const { Hours, Minutes } = parts(seconds);
    return Hours > 0 ? this.page.word("ending.hours", { Hours, Minutes }) : this.page.word("ending.minutes", { Minutes });
  }

  private time(): string {
    return new Date((this.expires ?? 0) - this.skew).toLocaleTimeString(this.page.lang, { hour: "2-digit", minute: "2-digit" });
  }

  private async extend(): Promise<void> {
    try {
      const session = await extendSession(this.page);
      this.extended = Date.now();
      this.show(session);
      slot(document, "ending-news").textContent = this.page.word("ending.extended", { Time: this.time() });
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      await tell(cause.message);
    }
  }
}

function extendButtons(): NodeListOf<HTMLButtonElement> {
  return document.querySelectorAll<HTMLButtonElement>('[data-action="extend"]');
}
