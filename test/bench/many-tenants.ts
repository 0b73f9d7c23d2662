import { fork } from "node:child_process";

/** What `tenants-process.ts` measured, in MiB and milliseconds. */
export type TenantsMeasured = {
  readonly tenants: number;
  readonly rules: number;
  readonly rssMiB: { readonly empty: number; readonly unused: number; readonly used: number; readonly rested: number };
  readonly activateMs: Spread;
  readonly firstCallMs: Spread;
  readonly nextCallMs: Spread;
  readonly swapMs: Spread;
  readonly firstCallAfterSwapMs: Spread;
};

export type Spread = { readonly median: number; readonly p99: number };

/** Many tenants in one process: memory unused, used and rested again, and what first calls and swaps take on the loop. */
export async function reportManyTenants(tenants: number): Promise<string> {
  const child = fork(new URL("./tenants-process.ts", import.meta.url), [String(tenants)], {
    execArgv: ["--expose-gc"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const measured = await new Promise<TenantsMeasured>((resolve, reject) => {
    child.once("message", (told) => resolve(told as TenantsMeasured));
    child.once("exit", (code) => reject(new Error(`the process of many tenants ended with ${code}`)));
  });
  return describe(measured);
}

function describe({ tenants, rules, rssMiB, ...times }: TenantsMeasured): string {
  const { empty, unused, used, rested } = rssMiB;
  const each = (mib: number) => `${(((mib - empty) * 1024) / tenants).toFixed(0)} KiB a tenant`;
  const spread = ({ median, p99 }: Spread) => `${median.toFixed(2)} (p99 ${p99.toFixed(2)})`;
  return `${tenants} tenants × ${rules} rules in one process
  RSS MiB         empty ${empty.toFixed(0)}, none used ${unused.toFixed(0)} (${each(unused)}), all used ${used.toFixed(0)} (${each(used)}), all rested ${rested.toFixed(0)}
  ms on the loop  activate ${spread(times.activateMs)}, first call ${spread(times.firstCallMs)}, next ${spread(times.nextCallMs)}
                  swap in use ${spread(times.swapMs)}, first call after it ${spread(times.firstCallAfterSwapMs)}
`;
}
