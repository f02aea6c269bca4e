// Puts a line of the page's own into a terminal, above the line that the shell
// is writing, so that neither a half typed command nor the shell's idea of where
// the cursor is suffers from it.

import type { Terminal } from "@xterm/xterm";

interface Place {
  above: number; // rows of the cursor's line that are above the cursor
  full: boolean; // the lowest row is in use
}

/** Shows the line once all that came before is parsed. A program that has the whole screen is left alone. */
export function insertLine(xterm: Terminal, text: string): void {
  xterm.write("", () => {
    if (xterm.buffer.active.type === "normal") xterm.write(lineAbove(text, place(xterm)));
  });
}

function place({ buffer: { active }, rows }: Terminal): Place {
  const row = (y: number) => active.getLine(active.baseY + y);
  let above = 0;
  while (above < active.cursorY && row(active.cursorY - above)?.isWrapped) above++;
  const lowest = row(rows - 1)?.translateToString(true) ?? "";
  return { above, full: active.cursorY === rows - 1 || lowest !== "" };
}

/** What to write: with the screen full everything first scrolls up by one row. */
export function lineAbove(text: string, { above, full }: Place): string {
  const up = full ? above + 1 : above;
  const begin = (up > 0 ? `\x1b[${up}A` : "") + "\r";
  const line = `\x1b[L\x1b[?7l\x1b[33m${text}\x1b[?7h`;
  return full ? `\x1b7\x1b[999B\n\x1b8${begin}${line}\x1b8` : `\x1b7${begin}${line}\x1b8\x1b[B`;
}
