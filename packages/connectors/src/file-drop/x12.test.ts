// Reading X12 files: what warehouses write, and what they should not have written.
import { describe, expect, test } from "vitest";

import type { KeeperFact } from "../contract/keeper/keeper-fact.ts";
import { valueOf } from "../contract/testing/value-of.ts";
import { fileDrop } from "./connector.ts";
import { NOW } from "./testing/file-drop-bench.ts";
import { writeX12, type X12Layout } from "./testing/write-x12.ts";

const PROFILE = { format: "x12", match: "*.edi" };

function read(text: string, profile: object = {}) {
  const file = { name: "in.edi", bytes: new TextEncoder().encode(text), modifiedAt: NOW, receivedAt: NOW };
  if (fileDrop.readFile === undefined) throw new Error("files are read");
  return fileDrop.readFile(file, { files: [{ ...PROFILE, ...profile }], locations: { MEX: "main" } });
}

function facts(text: string, profile?: object): readonly KeeperFact[] {
  return valueOf(read(text, profile));
}

function reason(text: string, profile?: object): string {
  const outcome = read(text, profile);
  if (outcome.ok) throw new Error("the file was read");
  expect(outcome.error).toMatchObject({ kind: "rejected", code: "unreadable_file" });
  return outcome.error.message;
}

const LEVELS = `ST*846
BIA*00*SI*STK-7*20261123*1000
N1*WH*Main*92*WH1
LIN*1*UP*750123*SK*CAP-M
QTY*17*12*EA
QTY*33*9*EA
QTY*QH*2*EA
LIN*2*VN*BAG
QTY*17*0
QTY*XU*4`;

const RECEIPT = `ST*944
W17*F*20261123*WR-1*IN-9
N1*WH*Main*92*WH1
W07*10*EA**SK*CAP
W13*2*EA*01**02
W13*3*EA*02
W07*5*PC**VN*BAG
W13*1*EA*03
W14*15`;

const SHIPMENT = `ST*945
W06*F*ORD-1*20261123*SHP-4
N9*2I*1Z999
LX*1
W12*CC*2*2*0*EA**VN*CAP
LX*2
W12*SS*5*3*2*EA**VN*BAG***********OS`;

const CORRECTION = `ST*947
W15*20261123*ADJ-1
W19*AH*1*PC**VN*E662255
W19*07*-3*EA**VN*CAP
W19*05*4*EA**VN*CAP
W19*55*-1*EA**VN*CAP
W19*ZQ*-2*UN**VN*CAP`;

const STYLES: readonly X12Layout[] = [
  { element: "*", component: ">", terminator: "~" },
  { element: "|", component: "^", terminator: "\n" },
  { element: "~", component: ":", terminator: "!\r\n" },
];

describe("846", () => {
  test.each(STYLES)(
    "says what is on hand and on hold, and nothing that is reckoned ($element $terminator)",
    (layout) => {
      const at = Date.parse("2026-11-23T10:00:00Z");
      expect(facts(writeX12([LEVELS], layout))).toMatchObject([
        {
          kind: "snapshot",
          scope: "full",
          asOf: { from: at, to: at + 59_999 },
          lines: [
            { item: "CAP-M", facility: "WH1", onHand: 12, held: 2 },
            { item: "BAG", facility: "WH1", onHand: 0, held: 0 },
          ],
        },
      ]);
    },
  );

  test("may count the held ones in, be of a time of its own, and name the place by line", () => {
    const text = LEVELS.replace("N1*WH*Main*92*WH1", "DTM*007*20261122*235900").replace(
      "QTY*17*12",
      "N1*WH**92*WH2\nQTY*17*12",
    );
    expect(
      facts(writeX12([text]), { onHandIncludesHeld: true, timeZone: "America/Mexico_City" }),
    ).toMatchObject([
      {
        asOf: { from: Date.parse("2026-11-23T05:59:00Z"), to: Date.parse("2026-11-23T05:59:00Z") },
        lines: [
          { item: "CAP-M", facility: "WH2", onHand: 10, held: 2 },
          { item: "BAG", facility: "MEX" },
        ],
      },
    ]);
  });

  test("sent again whole is the same; of other levels it is another", () => {
    const [one] = facts(writeX12([LEVELS]));
    const [again] = facts(writeX12([LEVELS]));
    const [other] = facts(writeX12([LEVELS], { control: 8 }));
    expect(again).toEqual(one);
    expect(other?.factId).not.toBe(one?.factId);
  });

  test("without 17 is refused: 33 is not what lies there", () => {
    expect(reason(writeX12([LEVELS.replace("QTY*17*12*EA\n", "")]))).toContain(
      "segment 6 (LIN): no QTY*17 says how many of CAP-M are on hand.",
    );
  });

  test("of one item twice needs lots", () => {
    const twice = `${LEVELS}\nLIN*3*VN*BAG\nQTY*17*3`;
    expect(reason(writeX12([twice]))).toContain("segment 14 (QTY): BAG at WH1 was counted before");
    expect(facts(writeX12([twice.replace("LIN*3*VN*BAG", "LIN*3*VN*BAG*LT*L2")]))).toMatchObject([
      { lines: [{}, { item: "BAG", onHand: 3 }] },
    ]);
  });
});

describe("944", () => {
  test.each(STYLES)("says what came, what of it damaged, and what was expected ($element)", (layout) => {
    expect(facts(writeX12([RECEIPT], layout))).toMatchObject([
      {
        kind: "receipt",
        // The group was made on the same day: not at its beginning.
        occurredAt: Date.parse("2026-11-23T11:00:00Z"),
        keeperInboundId: "WR-1",
        reference: "IN-9",
        status: "closed",
        lines: [
          { item: "CAP", facility: "WH1", expected: 13, stowed: 8, damaged: 2 },
          { item: "BAG", facility: "WH1", expected: 4, stowed: 5, damaged: 0 },
        ],
      },
    ]);
  });

  test("may tell of the damaged ones apart; more of them than came is refused", () => {
    expect(facts(writeX12([RECEIPT]), { receivedIncludesDamaged: false })).toMatchObject([
      { lines: [{ item: "CAP", expected: 15, stowed: 10, damaged: 2 }, {}] },
    ]);
    expect(reason(writeX12([RECEIPT.replace("W13*2*", "W13*11*")]))).toContain(
      "11 came damaged and only 10 came",
    );
  });
});

describe("945", () => {
  test.each(STYLES)("says what left, and is short where less did ($element)", (layout) => {
    expect(facts(writeX12([SHIPMENT], layout))).toMatchObject([
      {
        kind: "shipment",
        keeperOrderId: "ORD-1/SHP-4",
        reference: "ORD-1",
        status: "short",
        tracking: ["1Z999"],
        lines: [
          { item: "CAP", facility: "MEX", ordered: 2, shipped: 2 },
          { item: "BAG", facility: "MEX", ordered: 5, shipped: 3, shortReason: "OS" },
        ],
      },
    ]);
  });

  test("of all that was ordered is shipped", () => {
    expect(facts(writeX12([SHIPMENT.replace("*5*3*2*", "*5*5**")]))).toMatchObject([{ status: "shipped" }]);
  });

  test("whose numbers do not add up is refused", () => {
    expect(reason(writeX12([SHIPMENT.replace("*5*3*2*", "*5*3*1*")]))).toContain(
      "segment 9 (W12): 5 ordered, 3 shipped and a difference of 1 do not add up.",
    );
  });
});

describe("947", () => {
  test.each(STYLES)("says what came, went or was put on hold ($element)", (layout) => {
    const adjustment = { kind: "adjustment", facility: "MEX", item: "CAP" };
    expect(facts(writeX12([CORRECTION], layout))).toMatchObject([
      { ...adjustment, item: "E662255", sellable: 1, held: 0, reason: "other", reasonText: "AH" },
      { ...adjustment, sellable: -3, held: 0, reason: "destroyed", reasonText: "07" },
      { ...adjustment, sellable: -4, held: 4, reason: "hold" },
      { ...adjustment, sellable: 1, held: -1, reason: "release_hold" },
      { ...adjustment, sellable: -2, held: 0, reason: "other", reasonText: "ZQ" },
    ]);
    expect(facts(writeX12([CORRECTION]), { reasons: { ZQ: "lost" } }).at(-1)).toMatchObject({
      reason: "lost",
    });
  });
});

describe("a file", () => {
  const documents = [RECEIPT, SHIPMENT, CORRECTION];
  const ids = (text: string): string[] => facts(text).map(({ factId }) => factId);

  test("with several transactions and interchanges gives all of their facts, and each fact an id of its own", () => {
    const text =
      writeX12([LEVELS, ...documents]) + writeX12([CORRECTION.replace("ADJ-1", "ADJ-2")], { control: 8 });
    expect(facts(text)).toHaveLength(13);
    expect(new Set(ids(text)).size).toBe(13);
  });

  test("made again under new control numbers and at another time tells the same of the same documents", () => {
    expect(ids(writeX12(documents, { control: 99, time: "1130" }))).toEqual(ids(writeX12(documents)));
    const renamed = CORRECTION.replace("ADJ-1", "ADJ-2");
    expect(ids(writeX12([renamed]))).not.toContain(ids(writeX12([CORRECTION]))[0]);
  });

  test("cut off anywhere is refused", () => {
    const whole = writeX12([LEVELS, ...documents]);
    for (let length = 0; length < whole.length; length += 1)
      expect(read(whole.slice(0, length)).ok, `${length} of ${whole.length}`).toBe(false);
    expect(reason(whole.slice(0, -20))).toContain("the file ends without IEA: it is cut off");
  });

  test.each([
    [/SE\*7\*/, "SE*8*", "(SE): it says 8 segments and there are 7: the file is not whole"],
    [/GE\*1\*/, "GE*2*", "(GE): it says 2 transactions and there are 1"],
    [/IEA\*1\*/, "IEA*2*", "(IEA): it says 2 groups and there are 1"],
    [/SE\*7\*0001/, "SE*7*0002", "its control number is 0002 and that of its ST 0001"],
    [/W19\*07[^~]*~/, "", "it says 7 segments and there are 6"],
    [/SE\*7\*0001~/, "", "(GE): it ends a GS that is not open"],
    [/\*P\*>/, "*T*>", "segment 1 (ISA): ISA15 is T: a test"],
    [/\*947\*/, "*856*", "a transaction 856 is not read"],
    [/VN\*E662255/, "ZZ*E662255", "segment 5 (W19): it names no item by SK, VN, UP, BP."],
    [/AH\*1\*PC/, "AH**PC", "segment 5 (W19): its quantity W1902 is missing."],
    [/AH\*1\*PC/, "AH*1.5*PC", 'segment 5 (W19): W1902 "1.5" is no whole number of units.'],
    [
      /AH\*1\*PC/,
      "AH*1*CA",
      "segment 5 (W19): its quantity is in CA, and only EA, PC and UN are single units.",
    ],
    [/W15\*20261123/, "W15*20261324", '"20261324" is no date'],
    [/W15\*20261123/, "W15*20261124", "is yet to come"],
    [/W15[^~]*~/, "G62*~", "segment 3 (ST): its W15 is missing."],
    [/^ISA\*/, "ISB*", "segment 1: here an interchange should begin"],
  ])("with %s as %s is refused with its segment and why", (wrong, instead, why) => {
    const whole = writeX12([CORRECTION.split("\n").slice(0, 6).join("\n")]);
    expect(whole).toMatch(wrong);
    expect(reason(whole.replace(wrong, instead))).toContain(why);
  });

  test("of acknowledgements says nothing", () => {
    expect(facts(writeX12(["ST*997\nAK1*SW*1\nAK9*A*1*1*1"]))).toEqual([]);
  });
});
