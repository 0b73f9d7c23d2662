import { createInterface } from "node:readline/promises";

/** Whether the person at the terminal wrote `yes`; null where there is no terminal. The end of input is a no. */
export async function askAtTerminal(question: string): Promise<boolean | null> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) return null;
  const lines = createInterface({ input: stdin, output: stderr });
  const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    const answer = await Promise.race([lines.question(`${question} (yes/no) `), closed]);
    return answer.trim().toLowerCase() === "yes";
  } finally {
    lines.close();
  }
}
