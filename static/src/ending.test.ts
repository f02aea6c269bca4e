import assert from "node:assert/strict";
import { test } from "node:test";
import { due, noticeKind, parts } from "./ending";
import { lineAbove } from "./line";

test("what is left is in hours and begun minutes", () => {
  assert.deepEqual(parts(2 * 3600 + 10 * 60), { Hours: 2, Minutes: 10 });
  assert.deepEqual(parts(3600 - 1), { Hours: 1, Minutes: 0 });
  assert.deepEqual(parts(61), { Hours: 0, Minutes: 2 });
  assert.deepEqual(parts(-5), { Hours: 0, Minutes: 0 });
});

test("the last warning that fits is due", () => {
  const hours = 4 * 3600;
  assert.deepEqual([1801, 1800, 601, 600, 121, 120, -1].map((left) => due(left, hours)), [0, 30, 30, 10, 10, 2, 2]);
  assert.equal(due(Infinity, Infinity), 0);
});

test("a warning that does not fit into a short session is not due", () => {
  assert.deepEqual([1200, 600, 120].map((left) => due(left, 1200)), [0, 10, 2]);
  assert.equal(due(600, 600), 0);
});

test("the notice comes up at a warning, stays away once put away, and tells of more time", () => {
  assert.equal(noticeKind(0, 0, Infinity), "none");
  assert.equal(noticeKind(30, 0, Infinity), "soon");
  assert.equal(noticeKind(30, 30, Infinity), "none");
  assert.equal(noticeKind(2, 10, Infinity), "urgent");
  assert.equal(noticeKind(0, 0, 1_000), "extended");
  assert.equal(noticeKind(30, 30, 1_000), "extended");
});

test("a line above leaves the cursor where it was in its own line", () => {
  const up = lineAbove("ends", { above: 1, below: 5, full: false });
  assert.equal(up, "\x1b7\x1b[1A\r\x1b[L\x1b[?7l\x1b[33mends\x1b[?7h\x1b8\x1b[B");
  const scrolled = lineAbove("ends", { above: 0, below: 2, full: true });
  assert.equal(scrolled, "\x1b[999B\n\x1b[2A\x1b7\x1b[1A\r\x1b[L\x1b[?7l\x1b[33mends\x1b[?7h\x1b8");
});
