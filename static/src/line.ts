// Puts a line of the page's own into a terminal, above the line that the shell
// is writing, so that neither a half typed command nor the shell's idea of where
// the cursor is suffers from it.

import type { Terminal } from "@xterm/xterm";

interface Place {
  above: number; // rows of the cursor's line that are above the cursor
  below: number; // rows of the screen that are below the cursor
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
  return { above, below: rows - 1 - active.cursorY, full: active.cursorY === rows - 1 || lowest !== "" };
}

/**
 * What to write: with the screen full everything first scrolls up by one row. The
 * cursor is saved after that, as xterm's saved cursor goes along with the text.
 */
export function lineAbove(text: string, { above, below, full }: Place): string {
  const line = `\r\x1b[L\x1b[?7l\x1b[33m${text}\x1b[?7h\x1b8`;
  return full ? `\x1b[999B\n${up(below)}\x1b7${up(above + 1)}${line}` : `\x1b7${up(above)}${line}\x1b[B`;
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}
