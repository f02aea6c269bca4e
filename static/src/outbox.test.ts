import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox, outboxMax } from "./outbox";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (frames: Uint8Array[]) => Buffer.concat(frames).toString();

test("what the shell has not got is sent again, from the middle of a frame too", () => {
  const outbox = new Outbox();
  outbox.resume(100);
  outbox.add([bytes("abc"), bytes("def")]);
  outbox.forget(101);
  assert.equal(outbox.length, 5);
  assert.equal(text(outbox.resume(104)), "ef");
  assert.equal(text(outbox.resume(106)), "");
  outbox.add([bytes("g")]);
  assert.equal(text(outbox.resume(106)), "g");
});

test("to a server that knows nothing of it, nothing is sent again", () => {
  for (const number of [0, 200]) {
    const outbox = new Outbox();
    outbox.resume(100);
    outbox.add([bytes("rm")]);
    assert.deepEqual(outbox.resume(number), []);
    outbox.add([bytes("ls")]);
    assert.equal(text(outbox.resume(number)), "ls");
  }
});

test("a paste for which there is no room is not taken in part", () => {
  const outbox = new Outbox();
  assert.ok(outbox.add([new Uint8Array(outboxMax - 1)]));
  assert.ok(!outbox.add([bytes("a"), bytes("b")]));
  assert.equal(outbox.length, outboxMax - 1);
});
