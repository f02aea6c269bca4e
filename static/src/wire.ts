// The frames of a terminal's websocket. Binary frames are bytes of the shell in
// either direction; text frames are small JSON objects.

export interface Size {
  cols: number;
  rows: number;
}

export type Notice =
  | { type: "placed"; run: string; output: number; input: number }
  | { type: "typed"; input: number }
  | { type: "ready" }
 
  | { type: "exit"; code: number }
  | { type: "error"; detail: string }
  | { type: "ending"; seconds: number };

/** The subprotocol of a terminal that has every byte exactly once, also after a break. */
export const protocol = "greenbox.ack.v1";

/** Where a terminal stands, as the address says it. */
export interface Place {
  viewer: string;
  run: string;
  output: number;
}

/** The most bytes of input in one frame. */
export const maxFrame = 32 * 1024;

/** Reads a text frame; null for one this page does not know. */
export function parseNotice(text: string): Notice | null {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof frame !== "object" || frame === null || !("type" in frame)) return null;
  const { type, code, detail, seconds, run, output, input } = frame as Record<string, unknown>;
  if (type === "placed" && typeof output === "number" && typeof input === "number") return { type, run: String(run), output, input };
  if (type === "typed" && typeof input === "number") return { type, input };
  if (type === "ready") return { type };
  if (type === "exit") return { type, code: typeof code === "number" ? code : 0 };
  if (type === "error") return { type, detail: String(detail ?? "") };
  if (type === "ending" && typeof seconds === "number") return { type, seconds };
  return null;
}

/** The text frame that tells the shell its size. */
export function resizeFrame(size: Size): string {
  return JSON.stringify({ type: "resize", ...clamp(size) });
}

/** The text frame that says how far the output was shown. */
export function shownFrame(output: number): string {
  return JSON.stringify({ type: "shown", output });
}

/** The size within what the server accepts. */
export function clamp(size: Size): Size {
  const within = (n: number) => Math.max(1, Math.min(1000, Math.floor(n)));
  return { cols: within(size.cols), rows: within(size.rows) };
}

/** Typed text as frames of at most maxFrame bytes, in order. */
export function inputFrames(text: string): Uint8Array<ArrayBuffer>[] {
  return split(new TextEncoder().encode(text));
}

/** A binary string, one byte a character, as frames. */
export function binaryFrames(text: string): Uint8Array<ArrayBuffer>[] {
  return split(Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff));
}

function split(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const frames = [];
  for (let at = 0; at < bytes.length; at += maxFrame) frames.push(bytes.subarray(at, at + maxFrame));
  return frames;
}
