// The panel shown while the cluster is made: which stage it is at, the place in
// the queue, and the time so far. What changes there is read out, once.

import type { Session } from "./api";
import { slot, view, type Page } from "./page";

export type Progress = "done" | "now" | "todo";

/** How far each of all stages has come, when now is the present one. */
export function reached(all: string[], session: Pick<Session, "state" | "stage">): Progress[] {
  if (session.state === "ready" || session.state === "paused") return all.map(() => "done");
  const now = session.state === "preparing" && session.stage !== null ? all.indexOf(session.stage) : -1;
  return all.map((_, i) => (i < now ? "done" : i === now ? "now" : "todo"));
}

/** Seconds as 1:05. */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

export class Stages {
  private readonly lines: HTMLElement[];
  private timer: ReturnType<typeof setInterval> | undefined;
  private last: Pick<Session, "state" | "wait" | "place">; // what was told of

  constructor(private readonly panel: HTMLElement, private readonly page: Page) {
    this.last = { state: page.state, wait: null, place: null };
    this.lines = [...panel.querySelectorAll<HTMLElement>("[data-stage]")];
    this.count(Number(slot(panel, "elapsed").dataset["seconds"]) * 1000); // when the page was asked for
  }

  show(session: Session): void {
    const progress = reached(this.lines.map((line) => line.dataset["stage"] ?? ""), session);
    this.lines.forEach((line, i) => this.mark(line, progress[i] ?? "todo"));
    if (session.state === "queued") this.explain(session.wait ?? "turn", session.place);
    if (session.state !== "queued" && session.state !== "preparing") this.stop();
    else if (this.timer === undefined) this.count(-performance.now()); // a reset has begun
    this.say(this.news(session));
    this.last = session;
  }

  /** What somebody who does not see the page is told of the session. */
  private news(session: Session): string {
    const now = this.lines.find((line) => line.dataset["progress"] === "now");
    if (view(session.state, session.stage) === "setup") return text(slot(this.panel, "setup-note"));
    if (session.state === "queued") return this.queueNews(session);
    if (session.state === "preparing" && now) return `${text(slot(now, "name"))}: ${text(slot(now, "state"))}`;
    if (session.state === "ready" && ["queued", "preparing"].includes(this.last.state)) return this.page.word("news.ready");
    if (session.state === "ended" && this.last.state !== "ended") return text(slot(this.panel, "ended"));
    return "";
  }

  /** The reason of the wait and the place, but what is as it was. */
  private queueNews({ wait, place }: Session): string {
    const lines: (Element | null)[] = [];
    if (wait !== this.last.wait) lines.push(this.panel.querySelector(`[data-wait="${wait ?? "turn"}"]`));
    if (place !== this.last.place) lines.push(this.panel.querySelector(".place:not([hidden])"));
    return lines.filter((line) => line !== null).map(text).join(" ");
  }

  private say(news: string): void {
    const region = slot(this.panel, "stage-news");
    if (news !== "" && region.textContent !== news) region.textContent = news;
  }

  /** Says what the session waits for, what would help where something does, and its place. */
  private explain(wait: string, place: number | null): void {
    const helps = wait !== "turn" && wait !== "breaker";
    for (const reason of this.panel.querySelectorAll<HTMLElement>("[data-wait]")) {
      const why = reason.dataset["wait"];
      reason.hidden = why === "others" ? !helps : why !== wait;
    }
    const number = slot(this.panel, "place");
    number.textContent = String(place ?? "");
    if (number.parentElement) number.parentElement.hidden = place === null;
  }

  private mark(line: HTMLElement, progress: Progress): void {
    if (line.dataset["progress"] === progress) return;
    line.dataset["progress"] = progress;
    slot(line, "state").textContent = this.page.word(`stage.${progress}`);
  }

  /** Counts up from so many milliseconds at the time origin of the page. */
  private count(before: number): void {
    const elapsed = slot(this.panel, "elapsed");
    const tick = () => (elapsed.textContent = clock((before + performance.now()) / 1000));
    tick();
    this.timer = setInterval(tick, 1_000);
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

/** What an element says, in one line. */
function text(element: Element): string {
  return element.textContent.trim().replace(/\s+/g, " ");
}
