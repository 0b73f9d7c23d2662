/** An engine or program that must not decide anything; the message says why and quotes no content of it. */
export class PolicyRefusedError extends Error {
  override readonly name = "PolicyRefusedError";
}
