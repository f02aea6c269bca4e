import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, view } from "./page";
import { clamp, share } from "./splitter";
import { clock, reached } from "./stages";

test("values are put where a text names them", () => {
  assert.equal(fill("{{.Done}} of {{.Total}}", { Done: 0, Total: 3 }), "0 of 3");
  assert.equal(fill("no {{.Such}}", {}), "no {{.Such}}");
});

test("the terminals show while the lab is being set up, and not before", () => {
  assert.equal(view("preparing", "setup"), "setup");
  assert.equal(view("preparing", "ready"), "preparing");
  assert.equal(view("ready", null), "ready");
});

test("stages before the present one are done, later ones to come", () => {
  const all = ["network", "nodes", "join"];
  assert.deepEqual(reached(all, { state: "preparing", stage: "nodes" }), ["done", "now", "todo"]);
  assert.deepEqual(reached(all, { state: "preparing", stage: null }), ["todo", "todo", "todo"]);
  assert.deepEqual(reached(all, { state: "queued", stage: null }), ["todo", "todo", "todo"]);
  assert.deepEqual(reached(all, { state: "ready", stage: null }), ["done", "done", "done"]);
});

test("the time so far is in minutes and seconds", () => {
  assert.equal(clock(5.9), "0:05");
  assert.equal(clock(65), "1:05");
});

test("the splitter leaves room on both sides", () => {
  assert.equal(share(300, 100, 500), 40);
  assert.equal(share(0, 100, 500), 20);
  assert.equal(clamp(99), 75);
});
