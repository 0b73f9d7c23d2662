import type { CostSource } from "../core/catalogue.ts";
import type { Aspect } from "../core/intent.ts";
import type { Money } from "../core/money.ts";

/** What the call itself costs; null where the catalogue does not say, or has no price for this model. */
export function readCost(source: CostSource | null, model: Aspect): Money | null {
  if (source === null) return null;
  if (source.kind === "fixed") return source.money;
  return model.kind === "known" ? findPrice(source.prices, model.name) : null;
}

type Prices = Extract<CostSource, { readonly kind: "by_model" }>["prices"];

/** The exact name before the longest beginning. */
function findPrice(prices: Prices, name: string): Money | null {
  let longest: Prices[number] | null = null;
  for (const price of prices) {
    if (!price.model.endsWith("*")) {
      if (price.model === name) return price.money;
    } else if (name.startsWith(price.model.slice(0, -1)) && price.model.length > (longest?.model.length ?? 0)) longest = price;
  }
  return longest?.money ?? null;
}
