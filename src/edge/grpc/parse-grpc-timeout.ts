/** Microseconds of a `grpc-timeout` header, or null when there is none that can be read. */
export function parseGrpcTimeout(text: string | undefined): number | null {
  const parts = text === undefined ? null : FORM.exec(text);
  if (parts === null) return null;
  const [, digits = "", unit = ""] = parts;
  return Number(digits) * (MICROSECONDS[unit] ?? 0);
}

/** At most eight digits and a unit. */
const FORM = /^([0-9]{1,8})([HMSmun])$/;
const MICROSECONDS: Readonly<Record<string, number>> = { H: 3.6e9, M: 6e7, S: 1e6, m: 1e3, u: 1, n: 1e-3 };
