/** What a measured server tells the bench: its port once, then its CPU time whenever it is asked. */
export type Told =
  | { readonly port: number; readonly tokens: Readonly<Record<string, string | null>> }
  | { readonly cpuUs: number; readonly rssMiB: number };

const MIB = 1024 * 1024;

export function reportCpu(port: number, tokens: Readonly<Record<string, string | null>>): void {
  const tell = (told: Told) => process.send?.(told);
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    tell({ cpuUs: user + system, rssMiB: process.memoryUsage.rss() / MIB });
  });
  process.on("disconnect", () => process.exit(0));
  tell({ port, tokens });
}
