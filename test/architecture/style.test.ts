import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { ROOT, readSources } from "./source-files.ts";

const LINES_MAX = 400;
const SAYS_NOTHING = /(^|\/)(utils?|helpers?|common|manager|misc)(\.ts|\/|$)/;

const sources = readSources("src");
const everyFile = [...sources, ...readSources("test")];

describe("how the code reads", () => {
  it("keeps every file of src under 400 lines", () => {
    expect(everyFile.length).toBeGreaterThan(250);
    expect(sources.filter(({ text }) => text.split("\n").length > LINES_MAX).map(({ path }) => path)).toEqual([]);
  });

  it("has no file or folder whose name says nothing", () => {
    expect(everyFile.map(({ path }) => path).filter((path) => SAYS_NOTHING.test(path))).toEqual([]);
  });

  it("names files in kebab-case", () => {
    const odd = everyFile.map(({ path }) => path).filter((path) => !/^[a-z0-9./-]+$/.test(path));
    expect(odd).toEqual([]);
  });

  it("switches no check off without a reason beside it", () => {
    const off = sources.flatMap(({ path, text }) =>
      text
        .split("\n")
        .filter((line) => /biome-ignore|@ts-(ignore|nocheck|expect-error)/.test(line) && !/biome-ignore [\w/]+: \S+/.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
    expect(off).toEqual([]);
  });

  it("names every imported file with its ending", () => {
    const endless = everyFile.flatMap(({ path, imports }) =>
      imports.filter(({ isOwn, to }) => isOwn && !/\.[a-z]+$/.test(to)).map(({ to }) => `${path} → ${to}`),
    );
    expect(endless).toEqual([]);
  });

  it("speaks in tracked files of the product alone", () => {
    const tracked = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
    expect(tracked.length).toBeGreaterThan(250);
    const placeOfWork = /registry\.npmjs|proxy\.golang|pypi\.org|\/root\/|\/work\//;
    const hits = everyFile
      .filter(({ path, text }) => path !== "test/architecture/style.test.ts" && placeOfWork.test(text))
      .map(({ path }) => path);
    expect(hits).toEqual([]);
  });
});
