import assert from "node:assert/strict";
import { test } from "node:test";
import { binaryFrames, inputFrames, maxFrame, parseNotice, resizeFrame } from "./wire";

test("the server's text frames are understood", () => {
  assert.deepEqual(parseNotice('{"type":"ready"}'), { type: "ready" });
  assert.deepEqual(parseNotice('{"type":"placed","run":"a","output":7,"input":3}'), { type: "placed", run: "a", output: 7, input: 3 });
  assert.deepEqual(parseNotice('{"type":"typed","input":3}'), { type: "typed", input: 3 });
  assert.deepEqual(parseNotice('{"type":"exit","code":130}'), { type: "exit", code: 130 });
  assert.deepEqual(parseNotice('{"type":"error","detail":"bad frame"}'), { type: "error", detail: "bad frame" });
});

test("a text frame that is not known is passed over", () => {
  for (const text of ["", "{", "null", "7", "[]", '{"type":"ack"}', '{"kind":"ready"}']) {
    assert.equal(parseNotice(text), null, text);
  }
});

test("an exit without a code is an exit with code 0", () => {
  assert.deepEqual(parseNotice('{"type":"exit"}'), { type: "exit", code: 0 });
});

test("a size is kept within what the server accepts", () => {
  assert.equal(resizeFrame({ cols: 80, rows: 24 }), '{"type":"resize","cols":80,"rows":24}');
  assert.equal(resizeFrame({ cols: 0, rows: 5000 }), '{"type":"resize","cols":1,"rows":1000}');
});

test("a long paste is sent whole and in order, in frames that are not too long", () => {
  const text = Array.from({ length: 9_000 }, (_, i) => `line ${i} 節點\n`).join("");
  const frames = inputFrames(text);
  assert.ok(frames.length > 1);
  assert.ok(frames.every((frame) => frame.length <= maxFrame));
  assert.equal(Buffer.concat(frames).toString("utf8"), text);
});

test("nothing typed is no frame", () => {
  assert.deepEqual(inputFrames(""), []);
});

test("a binary string is one byte a character", () => {
  assert.deepEqual([...(binaryFrames("\x1b[M\xff\x21")[0] ?? [])], [0x1b, 0x5b, 0x4d, 0xff, 0x21]);
});
