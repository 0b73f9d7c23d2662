import type { CostSource } from "../../../core/catalogue.ts";
import type { Money } from "../../../core/money.ts";
import { compareText } from "../problem.ts";
import type { ToolSource } from "../schemas/tools-file.ts";
import type { Spot } from "../spot.ts";
import { cureAmount } from "../values/cure-money.ts";
import { parseAmount } from "../values/parse-amount.ts";

/** What a call costs, fixed or by the name of its model, or null after a problem was noted. */
export function lowerCost(source: ToolSource["cost"], spot: Spot, hasModel: boolean): CostSource | null {
  if (source === undefined) return null;
  if (typeof source === "string") {
    const money = lowerPrice(source, spot);
    return money === null ? null : { kind: "fixed", money };
  }
  if (!hasModel) {
    const message = "a cost by model needs the argument that names the model";
    return spot.problem({ code: "missing_key", message, fix: "write `model: args.NAME`", atKey: true });
  }
  const prices = Object.entries(source).map(([name, text]) => {
    const at = spot.in(name);
    if (!/^[!-)+-~]{0,127}(?:[!-)+-~]|\*)$/.test(name)) {
      return at.problem({
        code: "wrong_value",
        message: `\`${name}\` is no name of a model`,
        fix: "visible ASCII without spaces; one `*` may stand at the end",
        atKey: true,
      });
    }
    const money = lowerPrice(text, at);
    return money === null ? null : { model: name, money };
  });
  const good = prices.filter((price) => price !== null);
  if (prices.length === 0) return spot.problem({ code: "wrong_value", message: "an empty map gives no model a price" });
  return good.length < prices.length ? null : { kind: "by_model", prices: good.toSorted((a, b) => compareText(a.model, b.model)) };
}

function lowerPrice(text: string, spot: Spot): Money | null {
  const money = parseAmount(text);
  if (money === null) return spot.problem({ code: "wrong_value", message: `\`${text}\` is no cost`, fix: cureAmount(text) });
  return money.currency === "usd" ? money : spot.problem({ code: "wrong_value", message: "costs are in usd", fix: "for example 0.30 usd" });
}
