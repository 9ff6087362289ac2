import { expect, test } from "vitest";

import { Turns } from "./turns.ts";

test("no more than so many run at once, in the order they came, whatever fails", async () => {
  const turns = new Turns(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const done = Array.from({ length: 6 }, (_, number) =>
    turns.run(async () => {
      begun.push(number);
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => ends.push(resolve));
      running -= 1;
      if (number === 1) throw new Error("this one fails");
    }),
  );
  const settled = Promise.allSettled(done);
  for (let ended = 0; ended < 6;) {
    const end = ends.shift();
    if (end === undefined) await new Promise((resolve) => setImmediate(resolve));
    else {
      end();
      ended += 1;
    }
  }
  expect((await settled).map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
    "fulfilled",
    "fulfilled",
  ]);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});
