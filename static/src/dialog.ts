// The page's questions: each is a dialog of the template, which the browser
// closes at Escape, keeps the focus in, and gives the focus back from.

import { slot } from "./page";

/** Asks the question of that name; true for yes. */
export function ask(name: string): Promise<boolean> {
  return open(document.getElementById(`ask-${name}`) as HTMLDialogElement);
}

/** Says something that the learner has to read. */
export async function tell(message: string): Promise<void> {
  const dialog = document.getElementById("tell") as HTMLDialogElement;
  slot(dialog, "message").textContent = message;
  await open(dialog);
}

function open(dialog: HTMLDialogElement): Promise<boolean> {
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
