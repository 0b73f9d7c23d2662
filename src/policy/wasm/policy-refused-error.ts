/** An engine or program that must not decide anything; the message says why and quotes no content of it. */
export class PolicyRefusedError extends Error {
  override readonly name = "PolicyRefusedError";
  /** Whether the engine could not take it, or took it and then judged a first call wrongly. */
  readonly step: "engine" | "warm_up";

  constructor(message: string, { step = "engine", ...options }: ErrorOptions & { readonly step?: "engine" | "warm_up" } = {}) {
    super(message, options);
    this.step = step;
  }
}
