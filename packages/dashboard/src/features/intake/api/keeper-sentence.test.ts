import { describe, expect, it } from "vitest";

import type { KeeperLevel } from "../../../api/contract.ts";
import { createFormats } from "../../../locales/format.ts";
import { createTranslate } from "../../../locales/translate.ts";
import { aLevel } from "../../../testing/a-keeper.ts";
import { bookingSentences, causeSentence } from "./keeper-sentence.ts";

const english = { t: createTranslate("en", "en-US"), format: createFormats("en-US") };
const spanish = { t: createTranslate("es", "es-MX"), format: createFormats("es-MX") };

describe("the likely cause", () => {
  it("is told with the units that it is about", () => {
    const level = aLevel({ likelyCause: "shipment_not_told", drift: -1 });
    expect(causeSentence(level, english)).toBe(
      "Probably 1 unit has shipped, and the keeper has not told us which order yet.",
    );
    expect(causeSentence({ ...level, drift: -3 }, spanish)).toBe(
      "Probablemente salieron 3 unidades y el almacén aún no nos dijo con qué pedido.",
    );
  });

  it("is not made up where nothing explains it, nor where a newer server names another", () => {
    const found = "Nothing we know explains it: the keeper found more than it had told us of.";
    const missing = "Nothing we know explains it: units are missing on the shelf.";
    expect(causeSentence(aLevel({ likelyCause: "never_explained", drift: 4 }), english)).toBe(found);
    expect(causeSentence(aLevel({ likelyCause: null, drift: -4 }), english)).toBe(missing);
    const strange = "eaten_by_mice" as KeeperLevel["likelyCause"];
    expect(causeSentence(aLevel({ likelyCause: strange, drift: -4 }), english)).toBe(missing);
  });
});

describe("what accepting books", () => {
  it("is said for each bucket that is counted, and for no other", () => {
    const level = aLevel({ expected: 1_200, drift: -3, expectedHeld: 0, driftHeld: 3 });
    expect(bookingSentences(level, english)).toEqual([
      "A count is booked: KB-M at mx, sellable from 1,200 to 1,197 (\u22123).",
      "A count is booked: KB-M at mx, damaged from 0 to 3 (+3).",
    ]);
    expect(bookingSentences({ ...level, driftHeld: 0 }, english)).toHaveLength(1);
    expect(bookingSentences({ ...level, drift: 0 }, spanish)).toEqual([
      "Se registra un conteo: KB-M en mx, dañado de 0 a 3 (+3).",
    ]);
  });
});
