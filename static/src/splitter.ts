// The bar between instructions and workspace. It is dragged, or moved with the
// arrow keys, Home and End; a double click puts it back. Where the page stacks
// its halves it moves up and down. Each direction remembers its own place.

import { recall, remember } from "./store";

const least = 20;
const most = 75;
const step = 2;

/** The percentage for a pointer at that place in the space, within bounds. */
export function share(at: number, start: number, length: number): number {
  if (length <= 0) return least;
  return clamp(((at - start) / length) * 100);
}

export function clamp(percent: number): number {
  return Math.max(least, Math.min(most, Math.round(percent * 10) / 10));
}

/** Makes bar divide space, by way of the CSS variable --split on space. */
export function split(bar: HTMLElement, space: HTMLElement): void {
  const stacked = matchMedia("(max-width: 47.99rem)");
  const key = () => (stacked.matches ? "split.stacked" : "split");
  const preset = () => (stacked.matches ? 52 : 42);
  let now = preset();

  const put = (percent: number) => {
    now = clamp(percent);
    space.style.setProperty("--split", `${now}%`);
    bar.setAttribute("aria-valuenow", String(Math.round(now)));
  };
  const restore = () => {
    bar.setAttribute("aria-orientation", stacked.matches ? "horizontal" : "vertical");
    put(Number(recall(key())) || preset());
  };
  const keep = () => remember(key(), String(now));

  stacked.addEventListener("change", restore);
  bar.addEventListener("dblclick", () => {
    put(preset());
    keep();
  });
  bar.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: now - step, ArrowUp: now - step, ArrowRight: now + step, ArrowDown: now + step, Home: least, End: most }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    put(to);
    keep();
  });
  drag(bar, (event) => {
    const box = space.getBoundingClientRect();
    put(stacked.matches ? share(event.clientY, box.top, box.height) : share(event.clientX, box.left, box.width));
  }, keep);
  restore();
}

function drag(bar: HTMLElement, move: (event: PointerEvent) => void, end: () => void): void {
  bar.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    bar.setPointerCapture(event.pointerId);
    document.body.classList.add("dragging");
  });
  bar.addEventListener("pointermove", (event) => {
    if (bar.hasPointerCapture(event.pointerId)) move(event);
  });
  bar.addEventListener("lostpointercapture", () => {
    document.body.classList.remove("dragging");
    end();
  });
}
