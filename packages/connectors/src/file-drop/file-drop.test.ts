// Reading CSV files: what keepers write, and what they should not have written.
import { describe, expect, test } from "vitest";

import type { KeeperFact } from "../contract/keeper/keeper-fact.ts";
import { valueOf } from "../contract/testing/value-of.ts";
import { fileDrop } from "./connector.ts";
import { LEVELS, NOW } from "./testing/file-drop-bench.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, "latin1"));

function read(content: string | Uint8Array, profile: object, more: object = {}, name = "stock.csv") {
  const bytes = typeof content === "string" ? utf8(content) : content;
  const file = { name, bytes, modifiedAt: NOW, receivedAt: NOW };
  if (fileDrop.readFile === undefined) throw new Error("files are read");
  return fileDrop.readFile(file, { files: [profile], ...more });
}

function facts(...told: Parameters<typeof read>): readonly KeeperFact[] {
  return valueOf(read(...told));
}

function reason(...told: Parameters<typeof read>): string {
  const outcome = read(...told);
  if (outcome.ok) throw new Error("the file was read");
  expect(outcome.error.kind).toBe("rejected");
  return outcome.error.message;
}

const SPANISH = {
  kind: "levels",
  match: "INV_*.csv",
  delimiter: ";",
  encoding: "latin1",
  timeZone: "America/Mexico_City",
  dateFormat: "dd/MM/yyyy HH:mm",
  trailer: "^FIN;(?<rows>\\d+)",
  onHandIncludesHeld: true,
  columns: {
    sku: "Artículo",
    location: "Almacén",
    onHand: "Existencia",
    damaged: "Dañado",
    asOf: "Fecha",
  },
};

describe("levels", () => {
  test("with Spanish headings, in Latin-1, of a warehouse's own clock", () => {
    const text =
      "Artículo;Descripción;Almacén;Existencia;Dañado;Fecha\r\n" +
      'CAMISETA-ÑU;"Camiseta; talla M";CDMX;12;2;23/11/2026 05:30\r\n' +
      "GORRA;Gorra;CDMX;0;;23/11/2026 05:31\r\n" +
      "FIN;2\r\n";
    const [fact] = facts(latin1(text), SPANISH, {}, "inv_20261123.csv");
    // 05:30 in Mexico is 11:30 UTC; a time to the minute covers the minute.
    const asOf = { from: Date.parse("2026-11-23T11:30:00Z"), to: Date.parse("2026-11-23T11:31:59.999Z") };
    expect(fact).toMatchObject({
      kind: "snapshot",
      scope: "full",
      asOf,
      lines: [
        { item: "CAMISETA-ÑU", facility: "CDMX", onHand: 10, held: 2 },
        { item: "GORRA", facility: "CDMX", onHand: 0, held: 0 },
      ],
    });
  });

  test("the same bytes are the same fact, whatever the file is called", () => {
    const text = "sku,location,on_hand,as_of\nA,M,1,2026-11-23T10:00:00Z\n";
    const [one] = facts(text, LEVELS, {}, "stock-1.csv");
    const [other] = facts(text, LEVELS, {}, "stock-2.csv");
    const [changed] = facts(text.replace(",1,", ",2,"), LEVELS);
    expect(other).toEqual(one);
    expect(changed?.factId).not.toBe(one?.factId);
  });

  test("without a time are of some while before the file was written", () => {
    const { asOf: _none, ...columns } = LEVELS.columns;
    const [fact] = facts("sku,location,on_hand\nA,M,1\n", { ...LEVELS, columns, asOfWithinMinutes: 20 });
    expect(fact).toMatchObject({ asOf: { from: NOW - 20 * 60_000, to: NOW } });
  });

  test("to the day cover the day, up to now", () => {
    const [fact] = facts("sku,location,on_hand,as_of\nA,M,1,2026-11-23\n", LEVELS);
    expect(fact).toMatchObject({ asOf: { from: Date.parse("2026-11-23T00:00:00Z"), to: NOW } });
  });

  test("what is not in the file is unknown, unless the profile says that it is none", () => {
    const text = "sku,location,on_hand,as_of\nA,M,1,2026-11-23T10:00Z\n";
    expect(facts(text, LEVELS)[0]).not.toHaveProperty("absentMeansZero");
    expect(facts(text, { ...LEVELS, absentMeansZero: true })[0]).toMatchObject({ absentMeansZero: true });
  });

  test("of lots are added up; without a lot, a SKU stands once", () => {
    const text = "sku,location,on_hand,as_of,lot\nA,M,1,2026-11-23T10:00Z,x\nA,M,2,2026-11-23T10:00Z,y\n";
    const lots = { ...LEVELS, columns: { ...LEVELS.columns, lot: "lot" } };
    expect(facts(text, lots)[0]).toMatchObject({ lines: [{ item: "A", onHand: 3 }] });
    expect(reason(text, LEVELS)).toContain('line 3, column "sku": A at M stands on line 2 already');
  });

  test("columns may be named by number, and the place by the only one there is", () => {
    const profile = { kind: "levels", match: "*", delimiter: "\t", columns: { sku: 1, onHand: 3 } };
    const [fact] = facts("A\tx\t-4\n", profile, { locations: { "MEX-1": "main" } });
    expect(fact).toMatchObject({ lines: [{ item: "A", facility: "MEX-1", onHand: -4 }] });
  });
});

describe("a file with something wrong in it", () => {
  test("is refused whole, and every line is named with its column and the mend", () => {
    const text =
      "sku,location,on_hand,as_of\n" +
      "A,M,12.5,2026-11-23T10:00:00Z\n" +
      "B,M,3,2026-11-23T10:00:00Z\n" +
      ',M,"1,000",23/11/2026\n' +
      "C,M,,2026-12-24T10:00:00Z\n";
    const why = reason(text, LEVELS);
    expect(why.split("\n")).toEqual([
      "stock.csv was not read.",
      'line 2, column "on_hand": "12.5" is no number of units: write a whole number without decimals, separators or units.',
      'line 4, column "on_hand": "1,000" is no number of units: write a whole number without decimals, separators or units.',
      'line 4, column "sku": it is empty: every row has to name it.',
      'line 5, column "on_hand": it is empty: write 0 where there are none.',
      'line 4, column "as_of": "23/11/2026" is no time as an ISO time such as 2026-11-23T10:00:00Z: mend it, or the profile\'s dateFormat.',
      'line 5, column "as_of": "2026-12-24T10:00:00Z" (UTC) is yet to come: check the profile\'s timeZone.',
    ]);
  });

  test.each([
    [
      "it lacks its trailer",
      latin1("Artículo;Almacén;Existencia;Dañado;Fecha\nA;M;1;0;23/11/2026 05:30\n"),
      "the file is not whole",
    ],
    [
      "it lacks rows",
      latin1("Artículo;Almacén;Existencia;Dañado;Fecha\nA;M;1;0;23/11/2026 05:30\nFIN;2\n"),
      "it says 2 rows and there are 1",
    ],
    [
      "it lacks a column",
      latin1("Artículo;Almacén;Cantidad;Dañado;Fecha\nFIN;0\n"),
      'there is no column "Existencia", only "Artículo", "Almacén"',
    ],
  ])("when %s", (_what, bytes, why) => {
    expect(reason(bytes, SPANISH, {}, "INV_1.csv")).toContain(why);
  });

  test.each([
    [
      "it is cut off in a line",
      "sku,location,on_hand,as_of\nA,M,1,2026-11-23T10:00Z\nB,M",
      "line 3: it has 2 fields where there should be 4",
    ],
    ["it is cut off in a quote", 'sku,location,on_hand,as_of\n"A,M,1,2026-11-23T10:00Z\n', "mend the quotes"],
    ["it is empty", "", "the line with the headings is missing"],
    [
      "it is not UTF-8",
      latin1("sku,location,on_hand,as_of\nÑ,M,1,2026-11-23T10:00Z\n"),
      "set its profile's encoding to latin1",
    ],
    ["it holds zeros that were never written", new Uint8Array(64), "there are zero bytes"],
    ["a day does not exist", "sku,location,on_hand,as_of\nA,M,1,2026-02-31T10:00:00Z\n", "is no time"],
    [
      "a heading stands twice",
      "sku,location,on_hand,as_of,sku\nA,M,1,2026-11-23T10:00Z,B\n",
      "it stands there twice",
    ],
  ])("when %s", (_what, content, why) => {
    expect(reason(content, LEVELS)).toContain(why);
  });

  test("when no profile is for it", () => {
    expect(reason("x", LEVELS, {}, "orders.csv")).toContain("no profile");
  });

  test("a wrong setting is named", () => {
    const outcome = read("x", { ...LEVELS, timeZone: "Mars/Olympus" });
    expect(outcome).toMatchObject({ ok: false, error: { kind: "auth", code: "wrong_settings" } });
  });
});

describe("documents", () => {
  const place = { sku: "sku", location: "place" };

  test("adjustments keep the keeper's own id, or are of their line", () => {
    const columns = { ...place, quantity: "qty", held: "held", reason: "why", at: "at", id: "id" };
    const profile = { kind: "adjustments", match: "*", reasons: { R7: "lost" }, columns };
    const text =
      "id,sku,place,qty,held,why,at\n" +
      "71,A,M,-2,2,Damaged in aisle,2026-11-23T09:00:00-06:00\n" +
      "72,B,M,-1,,R7,2026-11-23T10:00:00Z\n";
    // 09:00 six hours behind UTC is yet to come.
    expect(reason(text, profile)).toContain("line 2");
    const mended = text.replace("-06:00", "+01:00");
    expect(facts(mended, profile)).toMatchObject([
      {
        kind: "adjustment",
        factId: "adjustment:71",
        occurredAt: Date.parse("2026-11-23T08:00:00Z"),
        sellable: -2,
        held: 2,
        reason: "damaged",
      },
      { factId: "adjustment:72", sellable: -1, held: 0, reason: "lost", reasonText: "R7" },
    ]);
    const { id: _none, ...without } = columns;
    const ids = facts(mended, { ...profile, columns: without }).map(({ factId }) => factId);
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toMatch(/^file:.{43}:2$/);
  });

  test("shipments are told per document, short where less left than was ordered", () => {
    const columns = {
      ...place,
      reference: "ref",
      document: "no",
      ordered: "asked",
      shipped: "left",
      shortReason: "why",
      tracking: "track",
      at: "at",
    };
    const text =
      "no,ref,sku,place,asked,left,why,track,at\n" +
      "S1,OP-1-1,A,M,2,2,,T1,2026-11-23T10:00:00Z\n" +
      "S2,OP-2-1,A,M,3,1,no stock,T2,2026-11-23T10:01:00Z\n" +
      "S1,OP-1-1,B,M,1,1,,T1,2026-11-23T10:02:00Z\n";
    expect(facts(text, { kind: "shipments", match: "*", columns })).toMatchObject([
      {
        keeperOrderId: "S1",
        reference: "OP-1-1",
        status: "shipped",
        occurredAt: Date.parse("2026-11-23T10:02:00Z"),
        tracking: ["T1"],
        lines: [
          { item: "A", shipped: 2 },
          { item: "B", shipped: 1 },
        ],
      },
      { keeperOrderId: "S2", status: "short", lines: [{ ordered: 3, shipped: 1, shortReason: "no stock" }] },
    ]);
    const two = text.replace("S1,OP-1-1,B", "S1,OP-9-1,B");
    expect(reason(two, { kind: "shipments", match: "*", columns })).toContain("a shipment is of one order");
  });

  test("receipts add pallets up", () => {
    const columns = {
      ...place,
      document: "no",
      reference: "ref",
      expected: "exp",
      received: "got",
      damaged: "bad",
      status: "state",
      at: "at",
    };
    const profile = { kind: "receipts", match: "*", statuses: { Parcial: "open" }, columns };
    const text =
      "no,ref,sku,place,exp,got,bad,state,at\n" +
      "R1,IN-1,A,M,10,4,1,Parcial,2026-11-23T10:00:00Z\n" +
      "R1,IN-1,A,M,0,3,0,Parcial,2026-11-23T11:00:00Z\n";
    expect(facts(text, profile)).toMatchObject([
      { reference: "IN-1", status: "open", lines: [{ expected: 10, stowed: 7, damaged: 1 }] },
    ]);
    expect(reason(text.replaceAll("Parcial", "Quizás"), profile)).toContain(
      'nobody said what "Quizás" means',
    );
  });

  test("returns are closed once every unit has become something", () => {
    const columns = {
      ...place,
      document: "no",
      order: "order",
      quantity: "n",
      restocked: "ok",
      quarantined: "bad",
      missing: "gone",
      at: "at",
    };
    const text =
      "no,order,sku,place,n,ok,bad,gone,at\n" +
      "D1,OP-1-1,A,M,3,1,1,1,2026-11-23T10:00:00Z\n" +
      "D2,OP-2-1,A,M,2,1,0,0,2026-11-23T10:00:00Z\n";
    expect(facts(text, { kind: "returns", match: "*", columns })).toMatchObject([
      {
        orderReference: "OP-1-1",
        status: "closed",
        lines: [{ quantity: 3, received: 2, dispositions: { restocked: 1, missing: 1 } }],
      },
      { orderReference: "OP-2-1", status: "open", lines: [{ quantity: 2, received: 1 }] },
    ]);
  });
});
