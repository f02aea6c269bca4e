import assert from "node:assert/strict";
import { test } from "node:test";
import { size } from "./archive";

test("a size is in the unit that suits it", () => {
  assert.equal(size(1), "1 kB");
  assert.equal(size(34_001), "35 kB");
  assert.equal(size(2_540_000), "2.5 MB");
});
