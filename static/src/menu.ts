// The menu in the header. It closes at Escape, at a click anywhere and when the
// focus goes elsewhere; the focus never stays in what is closed.

export function closeByItself(menu: HTMLDetailsElement): void {
  const close = () => {
    if (!menu.open) return;
    yieldFocus(menu);
    menu.open = false;
  };
  // Before the items act, so that a dialog gives the focus back to the menu's own button.
  const clicked = (event: Event) => {
    if (!(event.target instanceof Element && menu.querySelector("summary")?.contains(event.target))) close();
  };
  document.addEventListener("click", clicked, { capture: true });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) close();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
}

/** Puts the focus on the menu's button if it is in what will be hidden. */
export function yieldFocus(hiding: HTMLElement): void {
  if (hiding.contains(document.activeElement)) document.querySelector<HTMLElement>("#lab-menu > summary")?.focus();
}
