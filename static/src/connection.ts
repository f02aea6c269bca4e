// The page's end of one shell: a websocket that comes back by itself. It knows
// frames and time, not xterm; terminal.ts gives it a Screen.
//
// It counts what it was sent and what was typed, so that after a break the server
// goes on with the next byte, and what was lost on the way is typed again. Where the
// server no longer holds that byte, or the shell is another one, it replays the
// scrollback. Whatever the terminal "types" while it parses a replay is its answer to
// a query that was asked long ago, so nothing is sent until the screen has parsed it.

import { Backoff } from "./backoff";
import { Outbox } from "./outbox";
import { binaryFrames, inputFrames, parseNotice, protocol, resizeFrame, shownFrame, type Notice, type Place, type Size } from "./wire";

export interface Screen {
  size(): Size;
  /** Forgets everything shown, in order with what is written. */
  clear(): void;
  /** Shows bytes and calls done once they have been parsed. */
  write(bytes: Uint8Array, done: () => void): void;
  /** Says that the session ends in so many seconds. */
  ending(seconds: number): void;
}

export type Status =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "waiting"; seconds: number }
  | { kind: "exited"; code: number }
  | { kind: "error"; detail: string }
  | { kind: "full" }
  | { kind: "stopped" };

/** How often a page that nobody sees looks whether it is seen. */
const unseen = 1_000;

/** Live for this long, a connection counts as good and the backoff starts over. */
const settled = 5_000;

/** How much is shown before the server is told so. */
const shownStep = 32 * 1024;

/** For how long a key may be on its way before the connection counts as lost. */
const deaf = 10_000;

/** A name that no other viewer has. (randomUUID is for secure pages only.) */
function draw(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Connection {
  private readonly outbox = new Outbox();
  private place: Place = { viewer: draw(), run: "", output: 0 };
  private shown = 0;
  private toldShown = 0;
  private alarm: ReturnType<typeof setTimeout> | undefined;
  private socket: WebSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private live = false;
  private replaying = false;
  private replayInput = 0;
  private liveSince = 0;
  private exited = false;
  private stopped = true;

  constructor(
    private readonly url: (size: Size, place: Place) => string,
    private readonly screen: Screen,
    private readonly tell: (status: Status) => void,
    private readonly backoff = new Backoff(),
    private readonly hidden: () => boolean = () => false,
  ) {}

  /** Connects, and keeps connected until stop. */
  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.connect();
  }

  /** Leaves the shell alone and stays away. */
  stop(): void {
    this.stopped = true;
    this.drop();
    this.tell({ kind: "stopped" });
  }

  /** Tries at once instead of at the end of the wait. */
  hurry(): void {
    if (this.timer !== undefined) this.connect();
  }

  /** Sends what the learner typed; after the shell's end, Enter starts a new one. */
  type(text: string): void {
    if (this.exited && text.includes("\r")) this.connect();
    else this.send(inputFrames(text));
  }

  typeBinary(text: string): void {
    this.send(binaryFrames(text));
  }

  resize(): void {
    if (this.live) this.socket?.send(resizeFrame(this.screen.size()));
  }

  /** What is typed while a lost connection comes back waits; what a replay answers does not. */
  private send(frames: Uint8Array<ArrayBuffer>[]): void {
    if (this.replaying || this.place.run === "" || frames.length === 0) return;
    if (!this.outbox.add(frames)) return this.tell({ kind: "full" });
    if (this.live) this.dispatch(frames);
  }

  private dispatch(frames: Uint8Array<ArrayBuffer>[]): void {
    for (const frame of frames) this.socket?.send(frame);
    this.listen();
  }

  /** Counts the connection as lost when nothing is heard of what was typed. A shell that does not read takes 4 KiB. */
  private listen(): void {
    if (this.alarm !== undefined || this.outbox.length === 0 || this.outbox.length >= 4096) return;
    this.alarm = setTimeout(() => this.closed(), deaf);
  }

  private connect(): void {
    this.drop();
    if (this.stopped) return;
    if (this.hidden()) {
      // A page that nobody sees must not wake a paused cluster up.
      this.timer = setTimeout(() => this.connect(), unseen);
      return;
    }
    this.exited = false;
    this.tell({ kind: "connecting" });
    const socket = new WebSocket(this.url(this.screen.size(), this.place), protocol);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => this.receive(socket, data as ArrayBuffer | string);
    socket.onclose = () => this.closed();
    this.socket = socket;
  }

  /** Lets go of the socket and of the timer; neither says anything after this. */
  private drop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.hush();
    this.live = this.replaying = false;
    if (!this.socket) return;
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = undefined;
  }

  private receive(socket: WebSocket, data: ArrayBuffer | string): void {
    if (typeof data !== "string") return this.show(socket, new Uint8Array(data));
    const notice = parseNotice(data);
    if (notice?.type === "placed") this.begin(notice);
    if (notice?.type === "typed") this.typed(notice.input);
    if (notice?.type === "ready" && this.replaying) this.screen.write(new Uint8Array(), () => this.replayed(socket));
    if (notice?.type === "error") this.tell({ kind: "error", detail: notice.detail });
    if (notice?.type === "exit") this.end(notice.code);
    if (notice?.type === "ending" && this.live) this.screen.ending(notice.seconds);
  }

  private show(socket: WebSocket, bytes: Uint8Array): void {
    this.place.output += bytes.length;
    this.screen.write(bytes, () => {
      if (socket !== this.socket) return;
      this.shown += bytes.length;
      if (this.shown - this.toldShown < shownStep) return;
      this.toldShown = this.shown;
      socket.send(shownFrame(this.shown));
    });
  }

  private begin({ run, output, input }: Notice & { type: "placed" }): void {
    const goesOn = run === this.place.run && output === this.place.output;
    if (run !== this.place.run) this.outbox.clear(input);
    this.place = { ...this.place, run, output };
    this.shown = this.toldShown = output;
    if (goesOn) return this.enter(input);
    this.screen.clear();
    this.replaying = true;
    this.replayInput = input;
  }

  private replayed(socket: WebSocket): void {
    if (socket !== this.socket) return;
    this.replaying = false;
    this.enter(this.replayInput);
  }

  private enter(input: number): void {
    this.live = true;
    this.liveSince = Date.now();
    this.resize();
    this.dispatch(this.outbox.resume(input));
    this.tell({ kind: "live" });
  }

  private typed(input: number): void {
    if (this.replaying) return; // the server counts from where it placed the terminal
    this.outbox.forget(input);
    this.hush();
    this.listen();
  }

  private hush(): void {
    clearTimeout(this.alarm);
    this.alarm = undefined;
  }

  private end(code: number): void {
    this.drop();
    this.exited = true;
    this.tell({ kind: "exited", code });
  }

  private closed(): void {
    if (this.live && Date.now() - this.liveSince >= settled) this.backoff.reset();
    this.drop();
    const wait = this.backoff.next();
    this.timer = setTimeout(() => this.connect(), wait);
    this.tell({ kind: "waiting", seconds: Math.max(1, Math.round(wait / 1000)) });
  }
}
