// The panel shown while the cluster is made: which stage it is at, the place in
// the queue, and the time so far.

import type { Session } from "./api";
import { slot, type Page } from "./page";

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

  constructor(private readonly panel: HTMLElement, private readonly page: Page) {
    this.lines = [...panel.querySelectorAll<HTMLElement>("[data-stage]")];
    this.count(Number(slot(panel, "elapsed").dataset["seconds"]) * 1000); // when the page was asked for
  }

  show(session: Session): void {
    const progress = reached(this.lines.map((line) => line.dataset["stage"] ?? ""), session);
    this.lines.forEach((line, i) => this.mark(line, progress[i] ?? "todo"));
    if (session.place !== null) slot(this.panel, "place").textContent = String(session.place);
    if (session.state === "queued") this.explain(session.wait ?? "turn");
    if (session.state !== "queued" && session.state !== "preparing") this.stop();
    else if (this.timer === undefined) this.count(-performance.now()); // a reset has begun
  }

  /** Says what the session waits for, and what would help where something does. */
  private explain(wait: string): void {
    const helps = wait !== "turn" && wait !== "breaker";
    for (const text of this.panel.querySelectorAll<HTMLElement>("[data-wait]")) {
      const why = text.dataset["wait"];
      const hidden = why === "others" ? !helps : why !== wait;
      if (text.hidden && !hidden && why !== "others") slot(this.panel, "stage-news").textContent = text.textContent;
      text.hidden = hidden;
    }
  }

  private mark(line: HTMLElement, progress: Progress): void {
    if (line.dataset["progress"] === progress) return;
    line.dataset["progress"] = progress;
    const state = this.page.word(`stage.${progress}`);
    slot(line, "state").textContent = state;
    if (progress === "now") slot(this.panel, "stage-news").textContent = `${slot(line, "name").textContent}: ${state}`;
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
