import { afterEach, expect, it, vi } from "vitest";

import { createRowRefresher, type RowRefresher } from "./row-refresher.ts";

/** A reader that answers when the test says so. */
function reader() {
  const calls: { readonly skus: readonly string[]; readonly answer: (error?: Error) => void }[] = [];
  const read = (skus: readonly string[]) =>
    new Promise<void>((resolve, reject) => {
      calls.push({ skus, answer: (error) => (error === undefined ? resolve() : reject(error)) });
    });
  return { calls, read };
}

let refresher: RowRefresher | undefined;
afterEach(() => refresher?.stop());

function start(read: (skus: readonly string[]) => Promise<void>, batchSize = 10) {
  refresher = createRowRefresher({
    read,
    mayPass: (error) => error instanceof Error && error.message === "away",
    batchSize,
    gatherMs: 0,
    afterFailureMs: 0,
  });
  return refresher;
}

it("reads a burst in one call, and each SKU once", async () => {
  const { calls, read } = reader();
  const rows = start(read);
  rows.add(["A", "B"]);
  rows.add(["B", "C"]);
  await vi.waitFor(() => expect(calls).toHaveLength(1));
  expect(calls[0]?.skus).toEqual(["A", "B", "C"]);
});

it("has one call under way at a time; what comes meanwhile is read next, also the same SKU again", async () => {
  const { calls, read } = reader();
  const rows = start(read);
  rows.add(["A"]);
  await vi.waitFor(() => expect(calls).toHaveLength(1));
  rows.add(["A", "B"]);
  expect(calls).toHaveLength(1);
  calls[0]?.answer();
  await vi.waitFor(() => expect(calls).toHaveLength(2));
  expect(calls[1]?.skus).toEqual(["A", "B"]);
});

it("reads what is on the screen first", async () => {
  const { calls, read } = reader();
  const rows = start(read, 2);
  rows.see(["C", "Z"]);
  rows.add(["A", "B", "C"]);
  await vi.waitFor(() => expect(calls).toHaveLength(1));
  expect(calls[0]?.skus).toEqual(["C", "A"]);
  calls[0]?.answer();
  await vi.waitFor(() => expect(calls).toHaveLength(2));
  expect(calls[1]?.skus).toEqual(["B"]);
});

it("asks again after the server was away", async () => {
  const { calls, read } = reader();
  start(read).add(["A"]);
  await vi.waitFor(() => expect(calls).toHaveLength(1));
  calls[0]?.answer(new Error("away"));
  await vi.waitFor(() => expect(calls).toHaveLength(2));
  expect(calls[1]?.skus).toEqual(["A"]);
});

it("drops what was refused and goes on with the rest", async () => {
  const { calls, read } = reader();
  const rows = start(read);
  rows.add(["A"]);
  await vi.waitFor(() => expect(calls).toHaveLength(1));
  rows.add(["B"]);
  calls[0]?.answer(new Error("refused"));
  await vi.waitFor(() => expect(calls).toHaveLength(2));
  expect(calls[1]?.skus).toEqual(["B"]);
});
