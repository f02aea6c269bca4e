// Keeps the learner's place when the page is loaded anew, as it is when they
// change the language: what they typed, which steps were open, where they had scrolled, which terminal.

import { pass, take } from "./store";

interface Place {
  scroll: number;
  node: string;
  answers: Record<string, string>;
  open: string[]; // steps
}

/** Restores the place and sees to it that it is kept when the page goes away. */
export function keepPlace(session: string, instructions: HTMLElement, workspace: { node: string; show(node: string): void }): void {
  const key = `place.${session}`;
  const before = take(key);
  if (before !== null) {
    const place = JSON.parse(before) as Place;
    for (const input of inputs(instructions)) restore(input, place.answers[name(input)]);
    for (const fold of folds(instructions)) fold.open = place.open.includes(name(fold));
    instructions.scrollTop = place.scroll;
    workspace.show(place.node);
  }
  addEventListener("pagehide", () => {
    const place: Place = { scroll: instructions.scrollTop, node: workspace.node, answers: {}, open: folds(instructions).filter((fold) => fold.open).map(name) };
    for (const input of inputs(instructions)) {
      if (input.type !== "radio" || input.checked) place.answers[name(input)] = input.value;
    }
    pass(key, JSON.stringify(place));
  });
}

function inputs(root: HTMLElement): HTMLInputElement[] {
  return [...root.querySelectorAll<HTMLInputElement>("[data-step] input[name=answer]")];
}

function folds(root: HTMLElement): HTMLDetailsElement[] {
  return [...root.querySelectorAll<HTMLDetailsElement>("[data-step] > details")];
}

function name(part: HTMLElement): string {
  return part.closest<HTMLElement>("[data-step]")?.dataset["step"] ?? "";
}

function restore(input: HTMLInputElement, answer: string | undefined): void {
  if (answer === undefined) return;
  if (input.type === "radio") input.checked = input.value === answer;
  else input.value = answer;
}
