import pino from "pino";
import type { Observer } from "../core/observer.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Where log lines go; the process's standard error unless given. */
export type LogDestination = { readonly write: (line: string) => void };

export type Logs = { readonly log: Observer["log"]; readonly setLevel: (level: LogLevel) => void; readonly close: () => Promise<void> };

const STANDARD_ERROR = 2;

/** JSON lines with the fields that were given and nothing else. Standard output stays free for receipts. */
export function createLogs(level: LogLevel, serviceName: string, destination: LogDestination | null): Logs {
  const own = destination === null ? pino.destination({ dest: STANDARD_ERROR, sync: false }) : null;
  const options: pino.LoggerOptions = {
    level,
    base: { service: serviceName },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  const logger = own === null ? pino(options, destination ?? undefined) : pino(options, own);
  return {
    log: function writeLog(at, message, fields) {
      if (fields === undefined) logger[at](message);
      else logger[at](fields, message);
    },
    setLevel: (given) => {
      logger.level = given;
    },
    close: () =>
      new Promise((resolve) => {
        if (own === null) resolve();
        else own.flush(() => resolve());
      }),
  };
}
