// The steps of the page: a form each, checked in place, and by the server itself
// as the cluster changes. A step that has been passed stays green, whatever a
// later attempt finds, until the lab is reset.

import { attemptStep, Problem, type Attempt, type CheckResult, type Session, type Verdict } from "./api";
import { Help } from "./help";
import { clone, slot, type Page } from "./page";

/** Longer than this, a running check says that it may take a while. */
const patience = 4_000;

/** The index of the next step to pass after that one, from the start again after the last; -1 when there is none. */
export function following(verdicts: string[], at: number): number {
  const after = verdicts.findIndex((verdict, i) => i > at && verdict !== "passed");
  return after >= 0 ? after : verdicts.findIndex((verdict) => verdict !== "passed");
}

export class Steps {
  private readonly steps = new Map<string, HTMLElement>();
  private readonly helps = new Map<string, Help>();
  private readonly meter: HTMLProgressElement;
  private readonly done: HTMLElement;
  private readonly shown = new Map<string, string>();
  private resetAt: string | null;

  constructor(private readonly root: HTMLElement, private readonly page: Page) {
    this.meter = slot<HTMLProgressElement>(root, "meter");
    this.done = slot(root, "done");
    this.resetAt = page.reset_at;
    for (const step of root.querySelectorAll<HTMLElement>("[data-step]")) {
      const id = step.dataset["step"] ?? "";
      this.steps.set(id, step);
      this.helps.set(id, new Help(step, id, page));
      const form = step.querySelector<HTMLFormElement>(".check-form");
      form?.addEventListener("submit", (event) => {
        event.preventDefault();
        void this.check(id, step, form);
      });
    }
  }

  /** Lets steps be checked, or not, and help be asked for. */
  enable(open: boolean, running: boolean): void {
    for (const step of this.steps.values()) button(step).disabled = !running;
    for (const help of this.helps.values()) help.enable(open, running);
  }

  /** Takes over the verdicts of a session, the help given, and the recap. */
  show(session: Session): void {
    if (session.reset_at !== this.resetAt) this.forget();
    this.resetAt = session.reset_at;
    for (const standing of session.steps) {
      this.mark(standing.id, standing.verdict);
      this.helps.get(standing.id)?.show(standing);
    }
    this.count();
    if (session.recap) this.finish(session.recap.html);
  }

  /** Shows what an attempt found; one already shown changes nothing. */
  attempted(id: string, attempt: Attempt): void {
    const step = this.steps.get(id);
    if (!step || this.shown.get(id) === attempt.id) return;
    this.shown.set(id, attempt.id);
    const result = slot(step, "result");
    result.ariaLive = attempt.automatic ? "off" : "polite"; // what passed by itself is announced in a sentence
    result.replaceChildren(this.result(attempt));
    this.mark(id, attempt.verdict);
    this.count();
  }

  private async check(id: string, step: HTMLElement, form: HTMLFormElement): Promise<void> {
    if (button(step).getAttribute("aria-disabled") === "true") return;
    const answer = this.answer(form);
    if (answer === "") return this.complain(step, this.page.word("answer.missing"));
    this.busy(step, true);
    const slow = setTimeout(() => this.say(step, "busy", this.page.word("checking.long")), patience);
    try {
      this.attempted(id, await attemptStep(this.page, id, answer));
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      this.say(step, "problem", cause.message);
    } finally {
      clearTimeout(slow);
      this.busy(step, false);
      slot(step, "result").scrollIntoView({ block: "nearest" });
    }
  }

  /** What the learner answers; null where the step asks nothing. */
  private answer(form: HTMLFormElement): string | null {
    if (!form.elements.namedItem("answer")) return null;
    return String(new FormData(form).get("answer") ?? "").trim();
  }

  private complain(step: HTMLElement, message: string): void {
    this.say(step, "problem", message);
    step.querySelector<HTMLInputElement>("input")?.focus();
  }

  private busy(step: HTMLElement, busy: boolean): void {
    const check = button(step);
    check.setAttribute("aria-disabled", String(busy)); // and not disabled, so that it keeps the focus
    check.textContent = busy ? this.page.word("checking") : this.page.word("check.again");
    step.classList.toggle("busy", busy);
  }

  private say(step: HTMLElement, kind: string, message: string): void {
    this.shown.delete(step.dataset["step"] ?? "");
    const line = document.createElement("p");
    line.className = "result-line";
    line.dataset["verdict"] = kind;
    line.textContent = message;
    slot(step, "result").replaceChildren(line);
  }

  private result(attempt: Attempt): DocumentFragment {
    const { word } = this.page;
    const result = clone("result-template");
    const summary = slot(result, "summary");
    summary.dataset["verdict"] = attempt.verdict;
    summary.textContent = word(`result.${attempt.verdict}`, { Points: attempt.points, Max: attempt.max_points });
    slot(result, "checks").append(...attempt.checks.map((check) => this.line(check)));
    slot(result, "lost").hidden = attempt.lost === null;
    slot(result, "lost-text").textContent = attempt.lost;
    return result;
  }

  private line(check: CheckResult): DocumentFragment {
    const { word } = this.page;
    const line = clone("check-template");
    line.firstElementChild?.setAttribute("data-verdict", check.verdict);
    const verdict = slot(line, "word");
    verdict.textContent = word(`check.${check.verdict}`);
    verdict.classList.toggle("visually-hidden", check.message !== "");
    slot(line, "message").append(...withCode(check.message));
    slot(line, "points").textContent = word("points", { Points: check.points, Max: check.max_points });
    return line;
  }

  private mark(id: string, verdict: Verdict | null): void {
    const step = this.steps.get(id);
    if (!step || verdict === null || step.dataset["verdict"] === "passed") return;
    step.dataset["verdict"] = verdict;
    const chip = slot(step, "chip");
    chip.dataset["verdict"] = verdict;
    chip.textContent = this.page.word(`step.${verdict}`);
    chip.hidden = false;
    if (verdict === "passed") this.goOn(step);
  }

  /** Says that a step was passed, and opens the one to do next. */
  private goOn(passed: HTMLElement): void {
    const all = [...this.steps.values()];
    const at = all.indexOf(passed);
    const next = all[following(all.map((step) => step.dataset["verdict"] ?? ""), at)];
    const news = slot(this.root, "news");
    if (!next) {
      news.textContent = this.page.word("news.last", { Number: at + 1 });
      return;
    }
    news.textContent = this.page.word("news.passed", { Number: at + 1, Title: slot(next, "title").textContent });
    fold(next).open = true;
    if (!this.root.contains(document.activeElement)) next.scrollIntoView({ block: "nearest" });
  }

  /** Starts over, as the lab was reset. */
  private forget(): void {
    this.shown.clear();
    [...this.steps.values()].forEach((step, i) => {
      step.dataset["verdict"] = "";
      slot(step, "chip").hidden = true;
      slot(step, "result").replaceChildren();
      slot(step, "help-news").replaceChildren();
      for (const input of step.querySelectorAll<HTMLInputElement>("input[name=answer]")) clear(input);
      button(step).textContent = this.page.word("check.first");
      fold(step).open = i === 0;
    });
    this.done.hidden = true;
    this.root.scrollTop = 0;
  }

  private count(): void {
    const done = [...this.steps.values()].filter((step) => step.dataset["verdict"] === "passed").length;
    const total = this.steps.size;
    this.meter.value = done;
    slot(this.root, "progress").textContent = this.page.word("progress", { Done: done, Total: total });
  }

  /** Shows what there is to say after the last step. */
  private finish(recap: string): void {
    if (!this.done.hidden) return;
    slot(this.done, "recap").innerHTML = recap; // the server has sanitised it
    this.done.hidden = false;
    this.done.scrollIntoView({ block: "nearest" });
  }
}

function button(step: HTMLElement): HTMLButtonElement {
  return slot<HTMLButtonElement>(step, "button");
}

function clear(input: HTMLInputElement): void {
  if (input.type === "radio") input.checked = false;
  else input.value = "";
}

function fold(step: HTMLElement): HTMLDetailsElement {
  return step.querySelector("details") as HTMLDetailsElement;
}

/** A message whose parts between backticks are code. */
function withCode(message: string): Node[] {
  return message.split("`").map((part, i) => {
    if (i % 2 === 0) return document.createTextNode(part);
    const code = document.createElement("code");
    code.textContent = part;
    return code;
  });
}
