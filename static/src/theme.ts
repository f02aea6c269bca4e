// How the terminals look. They are dark in either colour scheme; every colour
// keeps a contrast of 4.5 with the background.

import type { ITheme } from "@xterm/xterm";

export const theme: ITheme = {
  background: "#0c1410",
  foreground: "#dfe7e1",
  cursor: "#5ccf8b",
  cursorAccent: "#0c1410",
  selectionBackground: "#2f5f45",
  black: "#6f7d75",
  red: "#ff8a80",
  green: "#5ccf8b",
  yellow: "#e9c46a",
  blue: "#7fb4f5",
  magenta: "#d6a2f0",
  cyan: "#5fd0d0",
  white: "#dfe7e1",
  brightBlack: "#8b9a91",
  brightRed: "#ffb0a8",
  brightGreen: "#8ae6ae",
  brightYellow: "#f5dc95",
  brightBlue: "#a9cdfa",
  brightMagenta: "#e6c5f7",
  brightCyan: "#93e5e5",
  brightWhite: "#ffffff",
};

export const fontFamily =
  'ui-monospace, "SFMono-Regular", Menlo, "Cascadia Mono", Consolas, "DejaVu Sans Mono", "Noto Sans Mono", "Noto Sans Mono CJK TC", "Noto Sans CJK TC", monospace';
