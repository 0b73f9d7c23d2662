const SURE_DIGITS = 15;

/**
 * The number a JSON text means, or the text itself where a double would stand for another decimal, and where it is
 * written with an exponent: readers differ on what that is, so no condition may be sure of it.
 */
export function exactNumber(text: string): number | string {
  if (text.includes("e") || text.includes("E")) return text;
  const value = Number(text);
  if (text.length <= SURE_DIGITS) return value;
  const shortest = String(value);
  return shortest === text || plainDecimal(shortest) === plainDecimal(text) ? value : text;
}

/** Sign, digits without outer zeros, and where the point stands; the same for `1.50` and `1.5`, and for `1e-7` and `0.0000001`. */
function plainDecimal(text: string): string {
  const [mantissa = "", exponent = "0"] = text.split("e");
  const negative = mantissa.startsWith("-");
  const [whole = "", fraction = ""] = (negative ? mantissa.slice(1) : mantissa).split(".");
  const digits = (whole + fraction).replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  const scale = Number(exponent) - fraction.length + (digits.length - kept.length);
  return `${negative ? "-" : ""}${kept}e${kept === "" ? 0 : scale}`;
}
