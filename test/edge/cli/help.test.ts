import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { runSluice } from "../../tools/run-sluice.ts";

type Helped = { readonly command: string; readonly exit: number | null; readonly stdout: string; readonly stderr: string };

/** What `--help` says of every command there is, found by walking down from `sluice --help`. */
async function walkHelp(words: readonly string[] = []): Promise<readonly Helped[]> {
  const { code, stdout, stderr } = await runSluice([...words, "--help"], { cwd: tmpdir() });
  const listed = /\nCommands:\n([\s\S]*?)(?:\n\n|$)/.exec(stdout)?.[1] ?? "";
  const names = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map((match) => match[1] ?? "").filter((name) => name !== "help");
  if (names.length === 0) return [{ command: words.join(" "), exit: code, stdout, stderr }];
  const below: Helped[] = [];
  const walkOn = async (from: number): Promise<void> => {
    for (let at = from; at < names.length; at += 2) below.push(...(await walkHelp([...words, names[at] ?? ""])));
  };
  // Two at a time: a process each, on machines with two processors.
  if (words.length === 0) await Promise.all([walkOn(0), walkOn(1)]);
  else for (const name of names) below.push(...(await walkHelp([...words, name])));
  return below;
}

const COMMANDS = [
  ["approvals approve", "approvals list", "approvals reject", "approvals show"],
  ["check", "config check", "config print", "config schema", "demo", "doctor", "key new"],
  ["policy build", "policy diff", "policy fmt", "policy inspect", "policy log", "policy push"],
  ["policy rollback", "policy test", "policy validate", "policy verify"],
  ["receipts tail", "receipts verify", "serve", "token inspect", "token issue", "why"],
].flat();

describe("--help", () => {
  it("of every command ends with 0, on standard output, and shows an example of that command", async () => {
    const helped = await walkHelp();
    expect(helped.map(({ command }) => command).sort()).toEqual(expect.arrayContaining(COMMANDS));
    for (const { command, exit, stdout, stderr } of helped) {
      expect([command, exit, stderr]).toEqual([command, 0, ""]);
      expect(stdout).toContain(`\nExample:\n  sluice ${command}`);
    }
  });
});
