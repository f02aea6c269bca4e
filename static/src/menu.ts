// The menu in the header. It closes at Escape, at a click anywhere and when the
// focus goes elsewhere.

export function closeByItself(menu: HTMLDetailsElement): void {
  const close = () => (menu.open = false);
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element && menu.querySelector("summary")?.contains(event.target))) close();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) close();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    close();
    menu.querySelector("summary")?.focus();
  });
}
