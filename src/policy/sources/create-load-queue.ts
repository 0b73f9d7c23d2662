/** Runs one piece of work at a time, tenant by tenant. Rejects where the work does, and past a bound of waiting work. */
export type LoadQueue = <T>(tenant: string, work: () => Promise<T>) => Promise<T>;

const WAITING_A_TENANT_MAX = 8;

/**
 * A queue in which tenants take turns: however much one has to load, another waits for the load that runs and for one of
 * each tenant before it.
 */
export function createLoadQueue(): LoadQueue {
  // A map's order is that of insertion: the first tenant is next.
  const waiting = new Map<string, (() => Promise<void>)[]>();
  let isRunning = false;

  async function runAll(): Promise<void> {
    isRunning = true;
    for (let next = takeNext(waiting); next !== null; next = takeNext(waiting)) await next();
    isRunning = false;
  }

  return function queue<T>(tenant: string, work: () => Promise<T>): Promise<T> {
    const own = waiting.get(tenant) ?? [];
    if (own.length >= WAITING_A_TENANT_MAX) return Promise.reject(new Error("too many versions of this tenant wait to be loaded"));
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    // What becomes of the work is for whoever queued it, even where it throws before it gives a promise.
    own.push(async () => {
      try {
        resolve(await work());
      } catch (error) {
        reject(error);
      }
    });
    waiting.set(tenant, own);
    if (!isRunning) void runAll();
    return promise;
  };
}

function takeNext(waiting: Map<string, (() => Promise<void>)[]>): (() => Promise<void>) | null {
  for (const [tenant, own] of waiting) {
    waiting.delete(tenant);
    const next = own.shift();
    if (own.length > 0) waiting.set(tenant, own);
    if (next !== undefined) return next;
  }
  return null;
}
