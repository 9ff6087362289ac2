import { describe, expect, it } from "vitest";

import { createFormats } from "../../../locales/format.ts";
import { createTranslate } from "../../../locales/translate.ts";
import { aLeg, anEntry } from "../../../testing/a-row.ts";
import { chainSentence, effectSentence } from "./chain-sentence.ts";

const english = { t: createTranslate("en", "en-US"), format: createFormats("en-US") };
const spanish = { t: createTranslate("es", "es-MX"), format: createFormats("es-MX") };

const committed = (units: number) => aLeg({ bucket: "committed", units });
const reserved = (units: number) => aLeg({ bucket: "reserved", units });
const at = (bucket: "sellable" | "quality_control" | "damaged", units: number, counterpart: string) =>
  aLeg({ bucket, location: "main", units, counterpart });

describe.each([
  [
    "a sale",
    { legs: [committed(2)] },
    "2 units sold on meli-mx, order 2000001.",
    "Se vendieron 2 unidades en meli-mx, pedido 2000001.",
  ],
  [
    "a sale that is not paid",
    { legs: [reserved(1)] },
    "Order 2000001 on meli-mx is not paid yet; 1 unit is reserved for it.",
    "El pedido 2000001 en meli-mx aún no está pagado; se reservó 1 unidad para él.",
  ],
  [
    "a payment",
    { legs: [reserved(-3), committed(3)] },
    "Order 2000001 on meli-mx was paid; its 3 reserved units are committed now.",
    "Se pagó el pedido 2000001 en meli-mx; sus 3 unidades reservadas quedaron comprometidas.",
  ],
  [
    "a cancellation",
    { legs: [committed(-1)] },
    "Order 2000001 on meli-mx gave back 1 unit.",
    "El pedido 2000001 en meli-mx devolvió 1 unidad al inventario.",
  ],
  [
    "a shipment",
    { legs: [at("sellable", -2, "customer"), committed(-2)] },
    "2 units left main for order 2000001 on meli-mx.",
    "Salieron 2 unidades de main para el pedido 2000001 en meli-mx.",
  ],
  [
    "a shipment of which a part was cancelled",
    { legs: [at("sellable", -2, "customer"), committed(-3)] },
    "2 units left main for order 2000001 on meli-mx. Order 2000001 on meli-mx gave back 1 unit.",
    "Salieron 2 unidades de main para el pedido 2000001 en meli-mx. El pedido 2000001 en meli-mx devolvió 1 unidad al inventario.",
  ],
  [
    "a shipment nobody had announced",
    { legs: [at("sellable", -1, "customer")] },
    "1 unit left main for order 2000001 on meli-mx.",
    "Salió 1 unidad de main para el pedido 2000001 en meli-mx.",
  ],
  [
    "a return on its way",
    { legs: [aLeg({ bucket: "returning", units: 1, counterpart: "customer" })] },
    "1 unit is on the way back from order 2000001 on meli-mx.",
    "1 unidad viene de regreso del pedido 2000001 en meli-mx.",
  ],
  [
    "an order that moved nothing here",
    { legs: [] },
    "Order 2000001 on meli-mx changed; no unit moved.",
    "Cambió el pedido 2000001 en meli-mx; no se movió ninguna unidad.",
  ],
  [
    "a sale mapped late",
    { kind: "mapped", legs: [committed(1)] },
    "Order 2000001 on meli-mx had sold a listing nobody had mapped; it was posted now. 1 unit sold on meli-mx, order 2000001.",
    "El pedido 2000001 en meli-mx había vendido una publicación sin vincular; se registró ahora. Se vendió 1 unidad en meli-mx, pedido 2000001.",
  ],
  [
    "a remap",
    { kind: "remap", legs: [committed(-1)] },
    "Order 2000001 on meli-mx was mapped again. Order 2000001 on meli-mx gave back 1 unit.",
    "El pedido 2000001 en meli-mx se vinculó de nuevo. El pedido 2000001 en meli-mx devolvió 1 unidad al inventario.",
  ],
  [
    "a receipt with its reason",
    { kind: "receipt", reason: "PO-1", legs: [at("sellable", 40, "supplier")] },
    "main received 40 units. Reason: PO-1.",
    "main recibió 40 unidades. Motivo: PO-1.",
  ],
  [
    "an adjustment",
    { kind: "adjustment", legs: [at("sellable", -4, "variance")] },
    "main was adjusted by \u22124.",
    "Se ajustó main en \u22124.",
  ],
  [
    "a count that found more",
    { kind: "count", legs: [at("sellable", 1, "variance")] },
    "A count of main found 1 unit more than known.",
    "Un conteo en main encontró 1 unidad más de lo sabido.",
  ],
  [
    "a count that found fewer",
    { kind: "count", legs: [at("sellable", -5, "variance")] },
    "A count of main found 5 units fewer than known.",
    "Un conteo en main encontró 5 unidades menos de lo sabido.",
  ],
  [
    "damage",
    { kind: "damage", legs: [at("sellable", -2, "damaged"), at("damaged", 2, "sellable")] },
    "2 units were damaged at main.",
    "Se dañaron 2 unidades en main.",
  ],
  [
    "a transfer",
    {
      kind: "transfer",
      legs: [
        at("sellable", -6, "transfer"),
        aLeg({ bucket: "sellable", location: "3pl", units: 6, counterpart: "transfer" }),
      ],
    },
    "6 units went from main to 3pl.",
    "Pasaron 6 unidades de main a 3pl.",
  ],
  [
    "a return to be graded",
    {
      kind: "return",
      legs: [at("quality_control", 1, "returning"), aLeg({ bucket: "returning", units: -1 })],
    },
    "1 returned unit arrived at main, to be looked at.",
    "Llegó 1 unidad devuelta a main, por revisar.",
  ],
  [
    "a return straight to sellable",
    { kind: "return", legs: [at("sellable", 2, "customer")] },
    "2 returned units arrived at main, sellable at once.",
    "Llegaron 2 unidades devueltas a main, a la venta de inmediato.",
  ],
  [
    "a return that will not come",
    { kind: "return", legs: [aLeg({ bucket: "returning", units: -1, counterpart: "lost" })] },
    "1 unit on the way back will not come and was given up.",
    "1 unidad que venía de regreso no llegará y se dio de baja.",
  ],
  [
    "an announcement",
    { kind: "inbound", legs: [aLeg({ bucket: "incoming", location: "main", units: 5 })] },
    "5 more units are announced to main.",
    "Se anunciaron 5 unidades más para main.",
  ],
  [
    "an announcement taken back",
    { kind: "inbound", legs: [aLeg({ bucket: "incoming", location: "main", units: -1 })] },
    "1 unit is no longer expected at main.",
    "Ya no se espera 1 unidad en main.",
  ],
  [
    "a count of damaged units",
    { kind: "count", legs: [at("damaged", -2, "variance")] },
    "A count of main found 2 units fewer than known.",
    "Un conteo en main encontró 2 unidades menos de lo sabido.",
  ],
  [
    "a grading to sellable",
    { kind: "grade", legs: [at("quality_control", -1, "sellable"), at("sellable", 1, "quality_control")] },
    "1 returned unit was graded sellable at main.",
    "1 unidad devuelta se aprobó para la venta en main.",
  ],
  [
    "a grading to damaged",
    { kind: "grade", legs: [at("quality_control", -1, "damaged"), at("damaged", 1, "quality_control")] },
    "1 returned unit was graded damaged at main.",
    "1 unidad devuelta se marcó como dañada en main.",
  ],
  [
    "a grading to lost",
    { kind: "grade", legs: [at("quality_control", -1, "lost")] },
    "1 returned unit was written off at main.",
    "1 unidad devuelta se dio de baja en main.",
  ],
  [
    "a hold",
    { kind: "reservation", reservationId: "cart-9", legs: [reserved(2)] },
    "2 units held for reservation cart-9.",
    "Se apartaron 2 unidades para la reserva cart-9.",
  ],
  [
    "a hold that was committed",
    { kind: "reservation_committed", reservationId: "cart-9", legs: [reserved(-2), committed(2)] },
    "Reservation cart-9 was committed with 2 units.",
    "La reserva cart-9 se comprometió con 2 unidades.",
  ],
  [
    "a hold that was released",
    { kind: "reservation_released", reservationId: "cart-9", legs: [reserved(-2)] },
    "Reservation cart-9 gave back 2 units.",
    "La reserva cart-9 devolvió 2 unidades.",
  ],
  [
    "a hold that ran out",
    { kind: "reservation_expired", reservationId: "cart-9", legs: [reserved(-1)] },
    "Reservation cart-9 ran out and gave back 1 unit.",
    "La reserva cart-9 venció y devolvió 1 unidad.",
  ],
  [
    "a kind this screen does not know",
    { kind: "recount" },
    "Entry of kind recount.",
    "Asiento de tipo recount.",
  ],
])("%s", (_, differences, inEnglish, inSpanish) => {
  it("reads in English", () => {
    expect(chainSentence(anEntry(differences), english)).toBe(inEnglish);
  });

  it("reads in Spanish", () => {
    expect(chainSentence(anEntry(differences), spanish)).toBe(inSpanish);
  });
});

describe("what it did to available", () => {
  it.each([
    [8, 7, "Available fell from 8 to 7.", "Lo disponible bajó de 8 a 7."],
    [-1, 1200, "Available rose from \u22121 to 1,200.", "Lo disponible subió de \u22121 a 1,200."],
    [7, 7, "Available stayed at 7.", "Lo disponible siguió en 7."],
  ])("from %i to %i", (before, after, inEnglish, inSpanish) => {
    const entry = anEntry({ available: { before, after } });
    expect(effectSentence(entry, english)).toBe(inEnglish);
    expect(effectSentence(entry, spanish)).toBe(inSpanish);
  });
});
