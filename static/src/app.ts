// The script of the lab page. It follows the session by its events and puts
// each part of the page into the state they name: nothing is ever reloaded.

import { Problem, resetLab, sessionURL, type Session } from "./api";
import { Archive } from "./archive";
import { ask, tell } from "./dialog";
import { Ending } from "./ending";
import { listen } from "./events";
import { closeByItself } from "./menu";
import { readPage, slot, view, type Page } from "./page";
import { keepPlace } from "./place";
import { bePresent } from "./presence";
import { replacement } from "./replacement";
import { split } from "./splitter";
import { Stages } from "./stages";
import { Steps } from "./steps";
import { Workspace } from "./workspace";

function start(page: Page): void {
  const main = element("main");
  const instructions = element("instructions");
  const workspace = new Workspace(main, page);
  const steps = new Steps(instructions, page);
  const stages = new Stages(main, page);
  const archive = new Archive(element("archive"));

  split(element("splitter"), main);
  keepPlace(page.session, instructions, workspace);
  confirmEnd();
  closeByItself(element<HTMLDetailsElement>("lab-menu"));
  offerReset(page);
  reachCode(instructions);

  const enter = (session: Pick<Session, "state" | "stage" | "error">) => {
    const { state } = session;
    page.state = state;
    main.dataset["state"] = view(state, session.stage);
    if (session.error !== null) slot(main, "error").textContent = session.error;
    const running = state === "ready" || state === "paused";
    element("lab-menu").hidden = final(page);
    for (const button of resetButtons()) button.disabled = !running;
    steps.enable(!final(page), running);
    if (running || main.dataset["state"] === "setup") workspace.start();
    else workspace.stop();
    workspace.update();
  };

  const tellReplaced = replacement(page);
  tellReplaced(page.replaced_at);
  enter({ state: page.state, stage: page.stage, error: null });
  if (final(page) && !archive.saving) return;
  const ending = new Ending(page);
  const leave = final(page) ? () => {} : bePresent(page);
  const lost = element("lost");
  const stop = listen(`${sessionURL(page)}/events?lang=${page.lang}`, {
    session(session) {
      stages.show(session);
      steps.show(session);
      tellReplaced(session.replaced_at);
      enter(session);
      ending.show(session);
      archive.show(session);
      if (!final(page)) return;
      ending.stop();
      leave();
      if (!archive.saving) stop();
    },
    attempt: (step, attempt) => steps.attempted(step, attempt),
    connected(up) {
      if (up && !lost.hidden) workspace.hurry();
      lost.textContent = up ? "" : page.word("events.lost");
      lost.hidden = up;
    },
  });
}

function final(page: Page): boolean {
  return page.state === "ended" || page.state === "failed";
}

function confirmEnd(): void {
  const dialog = element<HTMLDialogElement>("end-dialog");
  element("end-lab").addEventListener("click", () => dialog.showModal());
}

/** Resets the lab when the learner wants it and has confirmed. */
function offerReset(page: Page): void {
  document.addEventListener("click", async ({ target }) => {
    if (!(target instanceof Element && target.closest('[data-action="reset"]'))) return;
    if (!(await ask("reset"))) return;
    try {
      await resetLab(page);
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      await tell(cause.message);
    }
  });
}

function resetButtons(): NodeListOf<HTMLButtonElement> {
  return document.querySelectorAll<HTMLButtonElement>('[data-action="reset"]');
}

/** Lets the keyboard reach the blocks of code that are too wide to show whole. */
function reachCode(instructions: HTMLElement): void {
  const update = () => {
    for (const block of instructions.querySelectorAll("pre")) {
      if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
      else block.removeAttribute("tabindex");
    }
  };
  new ResizeObserver(update).observe(instructions);
  new MutationObserver(update).observe(instructions, { subtree: true, childList: true, attributeFilter: ["open", "hidden"] });
}

function element<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found as T;
}

const page = readPage();
if (page) start(page);
