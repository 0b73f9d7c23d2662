import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type AgentCall, callEnvoy } from "../tools/call-envoy.ts";
import { needTool } from "../tools/need-tool.ts";
import { type Envoy, startEnvoy } from "../tools/start-envoy.ts";
import { PROXY_SECRET, type Sluice, startSluice } from "../tools/start-sluice.ts";
import { headerOf, startUpstream, type Upstream } from "../tools/start-upstream.ts";

const envoyPath = await needTool("envoy");
const DOCS = join(import.meta.dirname, "..", "..", "docs", "policy-commands.md");
const POLICY = `
policy: things
match: { hosts: [api.example.com] }
rules:
  - { id: read, match: { methods: [GET] }, then: allow }
  - { id: no-birds, if: 'http.headers["x-note"].startsWith("canary")', then: deny, code: no_birds }
`;

const CALL: AgentCall = { host: "api.example.com", path: "/things?q=crow", headers: { "x-note": "sparrow" } };
const BIRD: AgentCall = { ...CALL, headers: { "x-note": "canary and sparrow" } };
const asking = (call: AgentCall): AgentCall => ({ ...call, headers: { ...call.headers, "x-sluice-explain": "1" } });

describe.skipIf(envoyPath === null)("an explanation of a call through a real Envoy", () => {
  let folder: string;
  let sluice: Sluice;
  let upstream: Upstream;
  const envoys: Envoy[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-explain-"));
    const file = join(folder, "secret");
    await writeFile(file, PROXY_SECRET);
    const proxies = [
      { name: "test", auth: { secret: { file } }, tenants: ["default"], trust: ["explain"], body: { max_bytes: 1_048_576 } },
    ];
    [sluice, upstream] = await Promise.all([startSluice({ policies: { "p.yaml": POLICY }, config: { proxies } }), startUpstream()]);
  });
  afterAll(async () => {
    for (const envoy of envoys) await envoy.stop();
    await upstream?.stop();
    await sluice?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The sidecar, with these mutations in the filter before the check. */
  async function open(mutations: readonly unknown[], secret = PROXY_SECRET): Promise<Envoy> {
    const change = (bootstrap: string) => addMutations(bootstrap, mutations);
    const envoy = await startEnvoy({ file: "sidecar", sluice: sluice.grpcAddress, upstream: upstream.address, secret, change });
    envoys.push(envoy);
    return envoy;
  }

  async function explain(envoy: Envoy, call: AgentCall) {
    const answer = await callEnvoy(envoy.listenerPort, { ...call, token: await sluice.issue("a-1") });
    return { answer, result: await sluice.operator.explanation(answer.id) };
  }

  it("is there for a call whose header Envoy lets through, and the header goes no further", async () => {
    const envoy = await open([]);
    const { answer, result } = await explain(envoy, asking(CALL));
    expect([answer.status, answer.decision]).toEqual([200, "allow"]);
    const verdict = { decision_id: answer.id, agent: "a-1", decision: "allow", rule: "things/read" };
    expect(result).toMatchObject({ kind: "ok", value: { ...verdict, why: { because: "allow by things/read" } } });
    const request = upstream.requests.at(-1);
    expect(request === undefined ? "nothing came" : headerOf(request, "x-sluice-explain")).toBeNull();
    expect(JSON.stringify(result)).not.toMatch(/sparrow|crow|eyJ/);
  });

  it("tells of a denied one what won, and shows no value of it", async () => {
    const envoy = await open([]);
    const { answer, result } = await explain(envoy, asking(BIRD));
    expect([answer.status, answer.error?.["code"]]).toEqual([403, "no_birds"]);
    const because = "deny by things/no-birds wins over allow by things/read";
    expect(result).toMatchObject({ kind: "ok", value: { decision: "deny", code: "no_birds", why: { because } } });
    expect(JSON.stringify(result)).not.toMatch(/sparrow|crow|eyJ/);
  });

  it("is not there where nobody asks, or where Envoy does not prove who it is", async () => {
    const unknown = { kind: "refused", code: "explanation_unknown" };
    expect((await explain(await open([]), CALL)).result).toMatchObject(unknown);
    const { answer, result } = await explain(await open([], "not the secret of this Envoy"), asking(CALL));
    expect([answer.status, result]).toMatchObject([200, unknown]);
  });

  it("is for Envoy to ask, and not for the agent, with what the docs say of the filter before the check", async () => {
    const [removing, ...setting] = await readDocumentedMutations();
    expect([removing, setting.length]).toEqual([{ remove: "x-sluice-explain" }, 1]);
    const quiet = await open([removing]);
    expect((await explain(quiet, asking(CALL))).result).toMatchObject({ kind: "refused", code: "explanation_unknown" });
    const looking = await open([removing, ...setting]);
    expect((await explain(looking, CALL)).result).toMatchObject({ kind: "ok", value: { rule: "things/read" } });
    expect((await explain(looking, asking(CALL))).result).toMatchObject({ kind: "ok", value: { rule: "things/read" } });
  });
});

async function readDocumentedMutations(): Promise<readonly unknown[]> {
  const [, block = ""] = /```yaml\n(request_mutations:[\s\S]*?)```/.exec(await readFile(DOCS, "utf8")) ?? [];
  return parse(block).request_mutations;
}

/** The bootstrap with these mutations before those of the filter that stands before the check. */
function addMutations(bootstrap: string, mutations: readonly unknown[]): string {
  const place = '"request_mutations":[';
  if (bootstrap.split(place).length !== 2) throw new Error("the sidecar mutates requests in one place");
  return bootstrap.replace(place, `${place}${mutations.map((mutation) => `${JSON.stringify(mutation)},`).join("")}`);
}
