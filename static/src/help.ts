// The help of one step: hints one after the other, the solution once the learner
// has confirmed, and the way back to the step's starting point. What was given
// elsewhere, as in another tab, arrives with the session.

import { nextHint, Problem, restoreStep, showSolution, type Hint, type Standing } from "./api";
import { ask } from "./dialog";
import { clone, slot, type Page } from "./page";

export class Help {
  private readonly hints: HTMLElement;
  private readonly hint: HTMLButtonElement;
  private readonly solution: HTMLButtonElement;
  private readonly restore: HTMLButtonElement;

  constructor(private readonly step: HTMLElement, private readonly id: string, private readonly page: Page) {
    this.hints = slot(step, "hints");
    this.hint = slot(step, "hint");
    this.solution = slot(step, "ask-solution");
    this.restore = slot(step, "restore");
    this.on(this.hint, async () => {
      this.showHint(await nextHint(page, id));
      this.hints.lastElementChild?.scrollIntoView({ block: "nearest" });
    });
    this.on(this.solution, async () => {
      if (!(await ask("solution"))) return;
      this.showSolution((await showSolution(page, id)).script);
      slot(step, "solution").scrollIntoView({ block: "nearest" });
    });
    this.on(this.restore, () => this.startOver());
  }

  /** Lets help be asked for while the session is open, and restoring while it runs. */
  enable(open: boolean, running: boolean): void {
    this.hint.disabled = this.solution.disabled = !open;
    this.restore.disabled = !running;
  }

  /** Takes over what help was given. */
  show(standing: Standing): void {
    for (const hint of standing.hints) this.showHint(hint);
    if (standing.solution !== null) this.showSolution(standing.solution);
  }

  private showHint(hint: Hint): void {
    if (hint.number !== this.hints.childElementCount + 1) return; // it came with the session
    const { word } = this.page;
    const copy = clone("hint-template");
    slot(copy, "name").textContent = word("hint.name", { Number: hint.number, Of: hint.of });
    slot(copy, "text").innerHTML = hint.html; // the server has sanitised it
    this.hints.append(copy);
    const last = hint.number === hint.of;
    this.hint.textContent = last ? word("hint.all") : word("hint.name", { Number: hint.number + 1, Of: hint.of });
    if (last) spend(this.hint);
  }

  private showSolution(script: string): void {
    const solution = slot(this.step, "solution");
    if (!solution.hidden) return;
    slot(solution, "script").textContent = script;
    solution.hidden = false;
    this.solution.textContent = this.page.word("solution.shown");
    spend(this.solution);
  }

  private async startOver(): Promise<void> {
    if (!(await ask("restore"))) return;
    this.say("busy", this.page.word("restore.busy"));
    await restoreStep(this.page, this.id);
    this.say("passed", this.page.word("restore.done"));
  }

  /** Does something at a click, unless it is being done or there is no more of it. */
  private on(button: HTMLButtonElement, act: () => Promise<void>): void {
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-disabled") === "true" || button.classList.contains("busy")) return;
      button.classList.add("busy");
      slot(this.step, "help-news").replaceChildren();
      try {
        await act();
      } catch (cause) {
        if (!(cause instanceof Problem)) throw cause;
        this.say("problem", cause.message);
      } finally {
        button.classList.remove("busy");
      }
    });
  }

  private say(kind: string, message: string): void {
    const line = document.createElement("p");
    line.className = "result-line";
    line.dataset["verdict"] = kind;
    line.textContent = message;
    slot(this.step, "help-news").replaceChildren(line);
    line.scrollIntoView({ block: "nearest" });
  }
}

/** There is no more of it; the button keeps its place and the focus. */
function spend(button: HTMLButtonElement): void {
  button.setAttribute("aria-disabled", "true");
}
