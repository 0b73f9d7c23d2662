export type RawResponse = {
  readonly status: number;
  /** Lower-case names; repeats are kept apart. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As received; chunks are not put together. */
  readonly body: string;
  /** Of a denial's body; null where it is no denial of Sluice's. */
  readonly error: Readonly<Record<string, unknown>> | null;
  /** `x-sluice-decision-id`, or an empty text. */
  readonly decisionId: string;
};

/** An HTTP/1.1 response as it came off the wire. */
export function readResponse(text: string): RawResponse {
  const end = text.indexOf("\r\n\r\n");
  const [, ...lines] = text.slice(0, end).split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const body = text.slice(end + 4);
  const decisionId = headers.find(([name]) => name === "x-sluice-decision-id")?.[1] ?? "";
  return { status: Number(text.slice(9, 12)), headers, body, error: readError(body), decisionId };
}

/** Every value of a header, in order. */
export function valuesOf({ headers }: Pick<RawResponse, "headers">, name: string): readonly string[] {
  return headers.filter(([key]) => key === name).map(([, value]) => value);
}

function readError(body: string): RawResponse["error"] {
  try {
    const { error } = JSON.parse(body);
    return typeof error === "object" ? error : null;
  } catch {
    return null;
  }
}
