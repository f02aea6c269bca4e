import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Backoff } from "./backoff";
import { Connection, type Status } from "./connection";

class Socket {
  static all: Socket[] = [];
  binaryType = "";
  sent: (string | Uint8Array)[] = [];
  shut = false;
  onmessage: ((event: { data: ArrayBuffer | string }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {
    Socket.all.push(this);
  }

  send(frame: string | Uint8Array) {
    this.sent.push(frame);
  }

  close() {
    this.shut = true;
  }

  static get last(): Socket {
    const last = Socket.all.at(-1);
    assert.ok(last, "there is a socket");
    return last;
  }

  /** What the learner typed, as the server got it. */
  get typed(): string {
    return Buffer.concat(this.sent.filter((frame) => typeof frame !== "string")).toString();
  }
}

class FakeScreen {
  log: string[] = [];
  waiting: (() => void)[] = [];
  ending = (seconds: number) => void this.log.push(`ends in ${seconds}`);
  size = () => ({ cols: 80, rows: 24 });
  clear = () => void this.log.push("clear");
  write = (bytes: Uint8Array, done: () => void) => {
    if (bytes.length > 0) this.log.push(Buffer.from(bytes).toString());
    this.waiting.push(done);
  };

  parse() {
    for (const done of this.waiting.splice(0)) done();
  }
}

let screen: FakeScreen;
let told: Status[];
let connection: Connection;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  Object.assign(globalThis, { WebSocket: Socket });
  Socket.all = [];
  screen = new FakeScreen();
  told = [];
  connection = new Connection(({ cols, rows }, { run, output }) => `ws://x/?${cols}x${rows} ${run} ${output}`, screen, (status) => told.push(status), new Backoff(1_000, 8_000, () => 1));
  connection.start();
});

afterEach(() => mock.timers.reset());

const say = (notice: object) => Socket.last.onmessage?.({ data: JSON.stringify(notice) });
const print = (text: string) => Socket.last.onmessage?.({ data: new TextEncoder().encode(text).buffer as ArrayBuffer });
const place = (output = 0, input = 0, run = "a") => say({ type: "placed", run, output, input });

function becomeLive() {
  place();
  say({ type: "ready" });
  screen.parse();
}

const kinds = () => told.map((status) => status.kind);

test("the size is in the address, and a live terminal tells it again", () => {
  assert.equal(Socket.last.url, "ws://x/?80x24  0");
  becomeLive();
  assert.deepEqual(Socket.last.sent, ['{"type":"resize","cols":80,"rows":24}']);
  assert.deepEqual(kinds(), ["connecting", "live"]);
});

test("the screen is cleared before the replay", () => {
  place();
  print("old");
  assert.deepEqual(screen.log, ["clear", "old"]);
});

test("an answer to a replayed query is not typed into the shell", () => {
  place();
  connection.type("\x1b[1;1R");
  Socket.last.onmessage?.({ data: '{"type":"ready"}' });
  connection.type("\x1b[2;2R"); // the replay has come but is not parsed yet
  screen.parse();
  connection.type("ls\r");
  assert.equal(Socket.last.typed, "ls\r");
});

test("a closed connection comes back by itself, waiting longer each time", () => {
  for (const wait of [1_000, 2_000, 4_000]) {
    const before = Socket.all.length;
    Socket.last.onclose?.();
    mock.timers.tick(wait - 1);
    assert.equal(Socket.all.length, before);
    mock.timers.tick(1);
    assert.equal(Socket.all.length, before + 1);
  }
});

test("a connection that held starts the waits over", () => {
  Socket.last.onclose?.();
  mock.timers.tick(1_000);
  becomeLive();
  mock.timers.tick(5_000);
  Socket.last.onclose?.();
  assert.deepEqual(told.at(-1), { kind: "waiting", seconds: 1 });
});

test("one that did not hold does not", () => {
  Socket.last.onclose?.();
  mock.timers.tick(1_000);
  becomeLive();
  Socket.last.onclose?.();
  assert.deepEqual(told.at(-1), { kind: "waiting", seconds: 2 });
});

test("after a break it goes on with the next byte, and what was lost on the way is typed again", () => {
  becomeLive();
  print("節點");
  screen.parse();
  connection.type("ls\r");
  say({ type: "typed", input: 1 });
  Socket.last.onclose?.();
  connection.type("x");
  mock.timers.tick(1_000);
  assert.equal(Socket.last.url, "ws://x/?80x24 a 6");
  place(6, 2);
  assert.equal(Socket.last.typed, "\rx");
  print("$ ");
  assert.deepEqual(screen.log, ["clear", "節點", "$ "]);
});

test("what was typed into one shell is not typed into the next", () => {
  becomeLive();
  connection.type("rm");
  Socket.last.onclose?.();
  mock.timers.tick(1_000);
  place(0, 0, "b");
  say({ type: "ready" });
  screen.parse();
  connection.type("ls");
  assert.equal(Socket.last.typed, "ls");
});

test("where output is missing, the screen is cleared and what was lost is typed after the replay", () => {
  becomeLive();
  print("old");
  connection.type("ls");
  Socket.last.onclose?.();
  mock.timers.tick(1_000);
  place(500, 1);
  print("new");
  say({ type: "typed", input: 2 }); // by the connection that was lost
  assert.equal(Socket.last.typed, "");
  say({ type: "ready" });
  screen.parse();
  assert.equal(Socket.last.typed, "s");
  assert.deepEqual(screen.log, ["clear", "old", "clear", "new"]);
});

test("the server is told what was shown, in steps", () => {
  becomeLive();
  print("x".repeat(20_000));
  screen.parse();
  print("x".repeat(20_000));
  assert.equal(Socket.last.sent.length, 1);
  screen.parse();
  assert.equal(Socket.last.sent.at(-1), '{"type":"shown","output":40000}');
});

test("a connection that does not say what becomes of keys counts as lost", () => {
  becomeLive();
  connection.type("l");
  mock.timers.tick(9_000);
  say({ type: "typed", input: 1 });
  connection.type("s");
  mock.timers.tick(9_999);
  assert.ok(!Socket.last.shut);
  connection.type("\r");
  mock.timers.tick(1);
  assert.ok(Socket.last.shut);
  assert.equal(kinds().at(-1), "waiting");
});

test("hurry tries at once, and only when it waits", () => {
  connection.hurry();
  assert.equal(Socket.all.length, 1);
  Socket.last.onclose?.();
  connection.hurry();
  assert.equal(Socket.all.length, 2);
  mock.timers.tick(60_000);
  assert.equal(Socket.all.length, 2);
});

test("a shell that ended is started again by Enter and by nothing else", () => {
  becomeLive();
  Socket.last.onmessage?.({ data: '{"type":"exit","code":3}' });
  assert.deepEqual(told.at(-1), { kind: "exited", code: 3 });
  mock.timers.tick(60_000);
  connection.type("x");
  assert.equal(Socket.all.length, 1);
  connection.type("\r");
  assert.equal(Socket.all.length, 2);
});

test("a shell that ended takes nothing over", () => {
  becomeLive();
  Socket.last.onmessage?.({ data: '{"type":"exit","code":0}' });
  connection.type("x");
  connection.type("\r");
  place(0, 0, "b");
  say({ type: "ready" });
  screen.parse();
  assert.equal(Socket.last.typed, "");
});

test("a replay that outlives its socket makes nothing live", () => {
  place();
  Socket.last.onmessage?.({ data: '{"type":"ready"}' });
  Socket.last.onclose?.();
  mock.timers.tick(1_000);
  screen.parse();
  assert.deepEqual(kinds(), ["connecting", "waiting", "connecting"]);
});

test("after stop nothing comes back, and start begins anew", () => {
  connection.stop();
  assert.ok(Socket.last.shut);
  mock.timers.tick(60_000);
  assert.equal(Socket.all.length, 1);
  connection.start();
  assert.equal(Socket.all.length, 2);
});

test("that the session ends is said to whoever sees the shell", () => {
  place();
  Socket.last.onmessage?.({ data: '{"type":"ending","seconds":600}' });
  Socket.last.onmessage?.({ data: '{"type":"ready"}' });
  screen.parse();
  Socket.last.onmessage?.({ data: '{"type":"ending","seconds":120}' });
  assert.deepEqual(screen.log, ["clear", "ends in 120"]);
});

test("a page that nobody sees connects when it is seen", () => {
  connection.stop();
  let hidden = true;
  connection = new Connection(() => "ws://x/", screen, (status) => told.push(status), new Backoff(), () => hidden);
  connection.start();
  mock.timers.tick(60_000);
  assert.equal(Socket.all.length, 1);
  hidden = false;
  connection.hurry();
  assert.equal(Socket.all.length, 2);
});

test("a complaint of the server is shown and the socket stays", () => {
  becomeLive();
  Socket.last.onmessage?.({ data: '{"type":"error","detail":"bad frame"}' });
  assert.deepEqual(told.at(-1), { kind: "error", detail: "bad frame" });
  assert.ok(!Socket.last.shut);
});
