import assert from "node:assert/strict";
import { test } from "node:test";
import { following } from "./steps";

test("the next step is the one after, past those that have been passed", () => {
  assert.equal(following(["passed", "", ""], 0), 1);
  assert.equal(following(["passed", "passed", "failed"], 0), 2);
});

test("after the last step come those that were skipped, and then none", () => {
  assert.equal(following(["", "passed", "passed"], 2), 0);
  assert.equal(following(["passed", "passed"], 1), -1);
});
