import { expect, it } from "vitest";

import { planAnnouncement } from "./plan-announcement.ts";

const expected = [
  { sku: "A", units: 5 },
  { sku: "B", units: 2 },
];
const announced = { status: "announced", expected } as const;

it("announces a delivery once", () => {
  expect(planAnnouncement(announced, [])).toEqual({ takeBack: [], announces: true });
  for (const state of ["wanted", "sent", "cancelling", "too_late", "refused"] as const)
    expect(planAnnouncement(announced, [{ reference: "R", state, lines: expected.toReversed() }])).toEqual({
      takeBack: [],
      announces: false,
    });
});

it("takes back what is cancelled, and what expects other units, and announces anew once it is let go", () => {
  const sent = { reference: "R", state: "sent", lines: [{ sku: "A", units: 4 }] } as const;
  const back = { takeBack: ["R"], announces: false };
  expect(planAnnouncement(announced, [sent])).toEqual(back);
  expect(planAnnouncement({ ...announced, status: "cancelled" }, [{ ...sent, lines: expected }])).toEqual(
    back,
  );
  expect(planAnnouncement(announced, [{ ...sent, state: "cancelled" }])).toEqual({
    takeBack: [],
    announces: true,
  });
});

it("tells nothing of a delivery that is over", () => {
  const none = { takeBack: [], announces: false };
  expect(planAnnouncement({ ...announced, status: "closed" }, [])).toEqual(none);
  expect(planAnnouncement({ ...announced, status: "cancelled" }, [])).toEqual(none);
});
