import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "./backoff";

test("each wait is twice as long as the one before, up to the most", () => {
  const backoff = new Backoff(100, 1_000, () => 1);
  assert.deepEqual([1, 2, 3, 4, 5, 6].map(() => backoff.next()), [100, 200, 400, 800, 1_000, 1_000]);
});

test("waits are spread over the upper half of a step", () => {
  assert.equal(new Backoff(100, 1_000, () => 0).next(), 50);
});

test("after a reset the waits start over", () => {
  const backoff = new Backoff(100, 1_000, () => 1);
  backoff.next();
  backoff.next();
  backoff.reset();
  assert.equal(backoff.next(), 100);
});
