// The end of the session: how much time is left, the notice when it is little,
// and more time for whoever asks for it.

import { extendSession, Problem, type Session } from "./api";
import { tell } from "./dialog";
import { slot, type Page } from "./page";

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

export class Ending {
  private readonly notice: HTMLElement;
  private readonly skew: number; // of the server's clock against this one
  private expires: number | null = null;
  private extendable = false;
  private said = 0; // the warning given last
  private put = 0; // the warning that was put away
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
    this.notice.hidden = warning === 0 || warning === this.put;
    this.notice.dataset["urgent"] = String(warning === warnings.at(-1));
    this.header(left);
    if (warning === 0) this.said = this.put = 0;
    if (this.notice.hidden) return;
    const text = this.text(left);
    const shown = slot(this.notice, "ending-text");
    if (shown.textContent !== text) shown.textContent = text;
    if (warning !== this.said) this.say(warning, text);
  }

  /** Has the notice read out, once for each warning. */
  private say(warning: number, text: string): void {
    this.said = warning;
    slot(document, warning === warnings.at(-1) ? "ending-alert" : "ending-news").textContent = text;
  }

  private header(left: number): void {
    const time = document.querySelector<HTMLTimeElement>('time[data-slot="expires"]');
    if (!time || this.expires === null) return;
    time.textContent = this.time();
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
      this.show(await extendSession(this.page));
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
