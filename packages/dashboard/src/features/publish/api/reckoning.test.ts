import { describe, expect, it } from "vitest";

import { createFormats } from "../../../locales/format.ts";
import { createTranslate } from "../../../locales/translate.ts";
import { reckoning } from "./reckoning.ts";

const english = { t: createTranslate("en", "en-US"), format: createFormats("en-US") };
const spanish = { t: createTranslate("es", "es-MX"), format: createFormats("es-MX") };

describe.each([
  [
    "all of one pool",
    [{ step: "component", sku: "KB-M", available: 7, heldBack: 0, unitsPerSale: 1, sales: 7 }],
    ["7 of KB-M available"],
    ["7 de KB-M disponibles"],
  ],
  [
    "a multipack with a buffer and a cap",
    [
      { step: "component", sku: "KB-M", available: 40, heldBack: 4, unitsPerSale: 6, sales: 6 },
      { step: "cap", limit: 5, quantity: 5 },
    ],
    ["40 of KB-M available, 4 held back, 6 in each, so 6", "Never more than 5"],
    ["40 de KB-M disponibles, 4 sin mostrar, 6 en cada una, así que 6", "Nunca más de 5"],
  ],
  [
    "a kit, sold through, on a channel with a limit",
    [
      { step: "component", sku: "A", available: 3000, heldBack: 0, unitsPerSale: 1, sales: 3000 },
      { step: "component", sku: "B", available: -1, heldBack: 0, unitsPerSale: 1, sales: 0 },
      { step: "scarcest", sku: "B", quantity: 0 },
      { step: "open_sales", units: 1, quantity: 1 },
      { step: "channel_max", limit: 999, quantity: 1 },
    ],
    [
      "3,000 of A available",
      "\u22121 of B available, so 0",
      "B is the scarcest: 0",
      "1 sold there is still in the channel’s own number: 1",
      "The channel takes at most 999",
    ],
    [
      "3,000 de A disponibles",
      "\u22121 de B disponibles, así que 0",
      "B es lo más escaso: 0",
      "1 vendida allí sigue en el número del propio canal: 1",
      "El canal acepta como máximo 999",
    ],
  ],
] as const)("%s", (_, steps, inEnglish, inSpanish) => {
  it("reads in English", () => {
    expect(reckoning([...steps], english)).toEqual(inEnglish);
  });

  it("reads in Spanish", () => {
    expect(reckoning([...steps], spanish)).toEqual(inSpanish);
  });
});
