import { connect } from "node:net";

const ANSWER_BYTES_MAX = 1 << 20;

/**
 * Writes these bytes to a loopback port and gives what came back: until the other end closes, or until `enough` says so.
 * What HTTP clients would refuse to send can be sent.
 */
export function sendRaw(port: number, text: string, enough: (answer: string) => boolean = () => false): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => void socket.write(text));
    const done = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      if (enough(answer) || answer.length > ANSWER_BYTES_MAX) done();
    });
    socket.on("close", done);
    socket.on("error", (error) => (answer === "" ? reject(error) : done()));
  });
}

/** One HTTP/1.1 request whose connection ends with the answer. */
export async function sendRequest(
  port: number,
  line: string,
  headers: Readonly<Record<string, string>>,
  body = "",
): Promise<{ readonly status: number; readonly text: string }> {
  const all = {
    ...headers,
    connection: headers["connection"] ?? "close",
    ...(body === "" ? {} : { "content-length": String(body.length) }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const text = await sendRaw(port, `${line} HTTP/1.1\r\n${lines.join("")}\r\n${body}`, isWhole);
  return { status: Number(text.slice(9, 12)), text };
}

/** Envoy keeps a connection it refused open for a second; who counts the bytes need not wait. */
function isWhole(answer: string): boolean {
  const end = answer.indexOf("\r\n\r\n");
  const length = /\r\ncontent-length: ([0-9]+)\r\n/i.exec(answer)?.[1];
  return end >= 0 && length !== undefined && answer.length - end - 4 >= Number(length);
}
