// Bundles the page's script and style into dist, or with --tests the unit tests
// into build/tests for node's own runner.
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { build } from "esbuild";

const browsers = ["chrome109", "firefox115", "safari16"];

async function bundle() {
  await mkdir("dist", { recursive: true });
  for (const name of await readdir("dist")) {
    if (name !== ".gitkeep") await rm(`dist/${name}`, { recursive: true });
  }
  await build({
    entryPoints: { app: "src/app.ts" },
    outdir: "dist",
    bundle: true,
    minify: true,
    format: "esm",
    target: browsers,
    legalComments: "eof",
  });
  await build({
    entryPoints: { app: "src/css/app.css" },
    outdir: "dist",
    bundle: true,
    minify: true,
    target: browsers,
  });
  await copyFile("src/favicon.svg", "dist/favicon.svg");
}

async function bundleTests() {
  const tests = (await readdir("src")).filter((name) => name.endsWith(".test.ts"));
  await rm("build/tests", { recursive: true, force: true });
  await build({
    entryPoints: tests.map((name) => `src/${name}`),
    outdir: "build/tests",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node18",
  });
}

await (process.argv.includes("--tests") ? bundleTests() : bundle());
