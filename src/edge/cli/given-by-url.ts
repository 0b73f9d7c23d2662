import { couldNotRun } from "./exit.ts";

type Given = { readonly data?: readonly string[] | undefined; readonly header?: readonly string[] | undefined };

/** `METHOD URL -d k=v -H name:value` as a case's call. The path stays as it was typed: nothing normalises it before it is judged. */
export function givenByUrl(method: string, url: string, { data, header }: Given): object {
  const parts = /^(https?):\/\/([^/?#]+)(\/?[^#]*)$/.exec(url);
  if (parts === null) throw couldNotRun("the URL must be http(s)://host/path");
  const [, scheme, host, path] = parts;
  if (data?.some((one) => /^\s*[{[]/.test(one)) === true) {
    throw couldNotRun("-d gives form fields as key=value: for JSON bodies use a file CALL.json with call.json");
  }
  const form = data === undefined ? {} : { form: pairs(data, "=") };
  const headers = header === undefined ? {} : { headers: pairs(header, ":") };
  return { call: { method, scheme, host, path: path === "" ? "/" : path, ...form, ...headers } };
}

function pairs(texts: readonly string[], separator: string): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf(separator);
      if (at < 1) throw couldNotRun(`name${separator}value is expected, not ${text}`);
      return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    }),
  );
}
