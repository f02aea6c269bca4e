// The script of the lab page. It follows the session by its events and puts
// each part of the page into the state they name: nothing is ever reloaded.

import { sessionURL, type Session } from "./api";
import { listen } from "./events";
import { readPage, slot, type Page } from "./page";
import { keepPlace } from "./place";
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

  split(element("splitter"), main);
  keepPlace(page.session, instructions, workspace);
  localTimes(page);
  confirmEnd();
  reachCode(instructions);

  const enter = (session: Pick<Session, "state" | "error">) => {
    const { state } = session;
    page.state = state;
    main.dataset["state"] = state;
    if (session.error !== null) slot(main, "error").textContent = session.error;
    const running = state === "ready" || state === "paused";
    element("end-lab").hidden = final(page);
    steps.enable(running);
    if (running) workspace.start();
    else workspace.stop();
  };

  enter({ state: page.state, error: null });
  if (final(page)) return;
  const lost = element("lost");
  const stop = listen(`${sessionURL(page)}/events?lang=${page.lang}`, {
    session(session) {
      stages.show(session);
      steps.show(session);
      enter(session);
      if (final(page)) stop();
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

/** Lets the keyboard reach the blocks of code that are too wide to show whole. */
function reachCode(instructions: HTMLElement): void {
  const blocks = [...instructions.querySelectorAll("pre")];
  const update = () => {
    for (const block of blocks) {
      if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
      else block.removeAttribute("tabindex");
    }
  };
  new ResizeObserver(update).observe(instructions);
}

/** Shows times of day in the learner's own time zone. */
function localTimes(page: Page): void {
  for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-slot="expires"]')) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString(page.lang, { hour: "2-digit", minute: "2-digit" });
  }
}

function element<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found as T;
}

const page = readPage();
if (page) start(page);
