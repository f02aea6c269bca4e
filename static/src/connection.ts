// The page's end of one shell: a websocket that comes back by itself. It knows
// frames and time, not xterm; terminal.ts gives it a Screen.
//
// After every connect the server replays the scrollback. Whatever the terminal
// "types" while it parses that replay is its answer to a query that was asked
// long ago, so nothing is sent until the screen has parsed all of it.

import { Backoff } from "./backoff";
import { binaryFrames, inputFrames, parseNotice, resizeFrame, type Size } from "./wire";

export interface Screen {
  size(): Size;
  /** Forgets everything shown, in order with what is written. */
  clear(): void;
  write(bytes: Uint8Array): void;
  /** Calls done once everything written so far has been parsed. */
  parsed(done: () => void): void;
  /** Says that the session ends in so many seconds. */
  ending(seconds: number): void;
}

export type Status =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "waiting"; seconds: number }
  | { kind: "exited"; code: number }
  | { kind: "error"; detail: string }
  | { kind: "stopped" };

/** How often a page that nobody sees looks whether it is seen. */
const unseen = 1_000;

/** Live for this long, a connection counts as good and the backoff starts over. */
const settled = 5_000;

export class Connection {
  private socket: WebSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private live = false;
  private liveSince = 0;
  private exited = false;
  private stopped = true;

  constructor(
    private readonly url: (size: Size) => string,
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

  private send(frames: Uint8Array<ArrayBuffer>[]): void {
    if (!this.live) return;
    for (const frame of frames) this.socket?.send(frame);
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
    const socket = new WebSocket(this.url(this.screen.size()));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.screen.clear();
    socket.onmessage = ({ data }) => this.receive(socket, data as ArrayBuffer | string);
    socket.onclose = () => this.closed();
    this.socket = socket;
  }

  /** Lets go of the socket and of the timer; neither says anything after this. */
  private drop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.live = false;
    if (!this.socket) return;
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = undefined;
  }

  private receive(socket: WebSocket, data: ArrayBuffer | string): void {
    if (typeof data !== "string") return this.screen.write(new Uint8Array(data));
    const notice = parseNotice(data);
    if (notice?.type === "ready") this.screen.parsed(() => this.replayed(socket));
    if (notice?.type === "error") this.tell({ kind: "error", detail: notice.detail });
    if (notice?.type === "exit") this.end(notice.code);
    if (notice?.type === "ending" && this.live) this.screen.ending(notice.seconds);
  }

  private replayed(socket: WebSocket): void {
    if (socket !== this.socket) return;
    this.live = true;
    this.liveSince = Date.now();
    this.resize();
    this.tell({ kind: "live" });
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
