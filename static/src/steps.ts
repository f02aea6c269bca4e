// The steps of the page: a form each, checked in place. A step that has been
// passed stays green, whatever a later attempt finds.

import { attemptStep, Problem, type Attempt, type CheckResult, type Session, type Verdict } from "./api";
import { clone, slot, type Page } from "./page";

/** Longer than this, a running check says that it may take a while. */
const patience = 4_000;

export class Steps {
  private readonly steps = new Map<string, HTMLElement>();
  private readonly meter: HTMLProgressElement;
  private readonly shown = new Map<string, string>();

  constructor(private readonly root: HTMLElement, private readonly page: Page) {
    this.meter = slot<HTMLProgressElement>(root, "meter");
    for (const step of root.querySelectorAll<HTMLElement>("[data-step]")) {
      const id = step.dataset["step"] ?? "";
      this.steps.set(id, step);
      const form = step.querySelector("form");
      form?.addEventListener("submit", (event) => {
        event.preventDefault();
        void this.check(id, step, form);
      });
    }
  }

  /** Lets steps be checked, or not. */
  enable(ready: boolean): void {
    for (const step of this.steps.values()) button(step).disabled = !ready;
  }

  /** Takes over the verdicts of a session. */
  show(session: Session): void {
    for (const { id, verdict } of session.steps) this.mark(id, verdict);
    this.count();
  }

  /** Shows what an attempt found; one already shown changes nothing. */
  attempted(id: string, attempt: Attempt): void {
    const step = this.steps.get(id);
    if (!step || this.shown.get(id) === attempt.id) return;
    this.shown.set(id, attempt.id);
    slot(step, "result").replaceChildren(this.result(attempt));
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
  }

  private count(): void {
    const done = [...this.steps.values()].filter((step) => step.dataset["verdict"] === "passed").length;
    const total = this.steps.size;
    this.meter.value = done;
    slot(this.root, "progress").textContent = this.page.word("progress", { Done: done, Total: total });
    const congratulation = this.root.querySelector<HTMLElement>("#done");
    if (!congratulation?.hidden || done < total) return;
    congratulation.hidden = false;
    congratulation.scrollIntoView({ block: "nearest" });
  }
}

function button(step: HTMLElement): HTMLButtonElement {
  return slot<HTMLButtonElement>(step, "button");
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
