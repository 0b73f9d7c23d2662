import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runSluice } from "../../tools/run-sluice.ts";
import { CANARIES, type Explaining, FIND, PAY, startExplaining, URGENT } from "../explained-calls.ts";
import { aFolder } from "./a-folder.ts";

let explaining: Explaining;
let cwd: string;
beforeAll(async () => {
  [explaining, cwd] = await Promise.all([startExplaining(), aFolder()]);
});
afterAll(() => explaining?.stop());

const state = (...names: readonly string[]) => join(explaining.sluice.folder, "state", ...names);
const serverOptions = () => ["--server", `127.0.0.1:${explaining.sluice.server.httpPort}`, "--token-file", state("operator.token")];

async function why(id: string, more: readonly string[] = serverOptions()) {
  await explaining.sluice.server.recorder.flush();
  return runSluice(["why", id, "--folder", state("receipts"), ...more], { cwd });
}

const HOW_TO =
  "No explanation of this decision is kept: make the call again with the header `x-sluice-explain` through a proxy whose `trust` has `explain`.";

describe("sluice why", () => {
  it("ends with 1 where no receipt is of that decision, and 2 where it could not look", async () => {
    const none = await why("01JGQ4M8Z6T5X7V2C9B3N1K0RA\u001b");
    expect(none).toEqual({
      code: 1,
      stdout: "",
      stderr: `sluice: no receipt in ${state("receipts")} is of the decision 01JGQ4M8Z6T5X7V2C9B3N1K0RA\\u{1b}\n`,
    });
    const nowhere = await runSluice(["why", "01JGQ4M8Z6T5X7V2C9B3N1K0RA"], { cwd });
    expect([nowhere.code, nowhere.stdout]).toEqual([2, ""]);
    expect(nowhere.stderr).toMatch(/receipts is not there: name the folder of the receipts with --folder\n$/);
  });

  it("shows the receipt, and in the words of `check --explain` what each rule saw", async () => {
    const { id } = await explaining.check(URGENT);
    const { code, stdout, stderr } = await why(id);
    expect([code, stderr]).toEqual([0, ""]);
    const lines = stdout.split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "decision    deny policy urgent_note by bank/urgent",
        "who         agent-1 of default",
        "call        POST https://bank.example.com/transfers",
        `id          ${id}`,
        "why: deny by bank/urgent wins over allow by bank/small",
        "bank/urgent (deny): decides",
        "    amount is at most 100 usd [saw 40 usd: true]",
        '  match true: tool "bank.transfer" true, group ["payers"] true',
        "bank/blocked (deny): does not apply",
      ]),
    );
    for (const canary of Object.values(CANARIES)) expect(stdout).not.toContain(canary);
  });

  it("prints the receipt as it is stored and the explanation as the server tells it", async () => {
    const { id } = await explaining.check(FIND);
    const { code, stdout } = await why(id, [...serverOptions(), "--json"]);
    const kept = await explaining.sluice.operator.explanation(id);
    const receipt = (await explaining.sluice.receipts()).find(({ decision_id }) => decision_id === id);
    expect(code).toBe(0);
    expect(kept.kind).toBe("ok");
    expect(JSON.parse(stdout)).toEqual({ receipt, intact: true, explanation: kept.kind === "ok" ? kept.value : null, missing: null });
  });

  it("says how to get an explanation where none is kept", async () => {
    const { id } = await explaining.check(PAY, "plain");
    const { code, stdout } = await why(id);
    expect([code, stdout.trimEnd().split("\n").at(-1)]).toEqual([0, HOW_TO]);
    const missing = { kind: "refused", code: "explanation_unknown", message: "No explanation of such a decision is kept." };
    expect(JSON.parse((await why(id, [...serverOptions(), "--json"])).stdout)).toMatchObject({ explanation: null, missing });
  });

  it("says that no rule was looked at where the caller was nobody known", async () => {
    const { id } = await explaining.check({ ...PAY, headers: { ...PAY.headers, "x-sluice-token": "a.b.c" } });
    const { code, stdout } = await why(id);
    expect([code, stdout.trimEnd().split("\n").at(-1)]).toEqual([0, "The call was refused before any rule was looked at."]);
  });

  it("shows the receipt where no server answers, or none is known, and says so", async () => {
    const { id } = await explaining.check(PAY);
    const silent = await why(id, ["--server", "127.0.0.1:1", "--token-file", state("operator.token")]);
    expect(silent.code).toBe(0);
    expect(silent.stdout).toMatch(
      /\n\nThe server was not asked for an explanation: no server answers at http:\/\/127\.0\.0\.1:1: start it/,
    );
    const unknown = await why(id, []);
    expect(unknown.code).toBe(0);
    expect(unknown.stdout).toMatch(
      /^decision {4}allow by bank\/small\n[\s\S]*\n\nThe server was not asked for an explanation: .*--token-file/,
    );
  });

  it("says where a receipt was changed after it was written", async () => {
    const { id } = await explaining.check(PAY);
    await explaining.sluice.server.recorder.flush();
    const [file = ""] = (await readdir(state("receipts"))).filter((name) => name === "default.jsonl");
    const lines = (await readFile(state("receipts", file), "utf8")).split("\n").filter((line) => line.includes(id));
    const copy = await aFolder({ "default.jsonl": "" });
    await writeFile(join(copy, "default.jsonl"), `${lines.join("\n").replace('"agent":"agent-1"', '"agent":"agent-2"')}\n`);
    const { code, stdout } = await runSluice(["why", id, "--folder", copy, ...serverOptions()], { cwd });
    expect([code, stdout]).toEqual([0, expect.stringContaining("who         agent-2 of default\n")]);
    expect(stdout).toContain("\nThis receipt was changed after it was written: run `sluice receipts verify`.\n");
  });
});
