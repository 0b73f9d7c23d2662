import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSecret } from "../../../src/config/read-secret.ts";
import { createFolder } from "./load.ts";

const folder = createFolder();
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return { kind: "file", path: join(folder, name) } as const;
};

describe("readSecret", () => {
  it.each([
    [{ kind: "env", name: "ABSENT" } as const, "variable ABSENT: is not set"],
    [{ kind: "env", name: "EMPTY" } as const, "variable EMPTY: is empty"],
    [file("empty", "\n"), `file ${join(folder, "empty")}: is empty`],
    [file("huge", "x".repeat(65_537)), `file ${join(folder, "huge")}: cannot be read: EFBIG`],
    [{ kind: "file", path: join(folder, "absent") } as const, `file ${join(folder, "absent")}: cannot be read: ENOENT`],
  ])("finds no secret in %j", (ref, message) => {
    expect(readSecret(ref, { EMPTY: "" })).toEqual({ kind: "unreadable", message });
  });

  it("finds no secret in a folder", () => {
    mkdirSync(join(folder, "dir"));
    const path = join(folder, "dir");
    expect(readSecret({ kind: "file", path }, {})).toEqual({ kind: "unreadable", message: `file ${path}: cannot be read: EISDIR` });
  });

  it.each([
    [{ kind: "env", name: "S" } as const, "a b"],
    [file("lf", "a b\n"), "a b"],
    [file("crlf", "a b\r\n"), "a b"],
    [file("two", " a\n\n"), " a\n"],
  ])("reads %j without the last line end", (ref, value) => {
    expect(readSecret(ref, { S: "a b" })).toEqual({ kind: "secret", value });
  });
});
