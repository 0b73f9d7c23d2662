import { connect } from "node:net";

/** Opens a tunnel, says one thing once it stands, and gives what came back until the other end closed. */
export function talkThrough(
  port: number,
  { connectText, say }: { readonly connectText: string; readonly say: string },
): Promise<{ readonly status: number; readonly inside: string }> {
  return new Promise((resolve, reject) => {
    let answer = "";
    let said = false;
    const socket = connect(port, "127.0.0.1", () => void socket.write(connectText));
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      if (said || !answer.includes("\r\n\r\n")) return;
      said = true;
      socket.write(say);
    });
    socket.on("error", reject);
    socket.on("close", () => resolve({ status: Number(answer.slice(9, 12)), inside: answer.slice(answer.indexOf("\r\n\r\n") + 4) }));
  });
}
