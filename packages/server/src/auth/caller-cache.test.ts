import { expect, test } from "vitest";

import { CallerCache, RECHECK_MS } from "./caller-cache.ts";
import type { Caller } from "./caller.ts";
import { hashOf } from "./token.ts";

const caller: Caller = { sellerId: 1, role: "read", keyId: "key_1" };

function cacheOf(lookUp: (hash: Buffer) => Promise<Caller | null>) {
  const clock = { at: 1_000_000 };
  let lookUps = 0;
  const cache = new CallerCache(
    (hash) => {
      lookUps += 1;
      return lookUp(hash);
    },
    () => clock.at,
  );
  return { cache, clock, lookUps: () => lookUps };
}

test("a busy key is looked up once per RECHECK_MS", async () => {
  const { cache, clock, lookUps } = cacheOf(async () => caller);
  const hash = hashOf("a");
  await Promise.all(Array.from({ length: 100 }, () => cache.callerOf(hash)));
  clock.at += RECHECK_MS - 1;
  expect(await cache.callerOf(hash)).toEqual(caller);
  expect(lookUps()).toBe(1);
  clock.at += 1;
  await cache.callerOf(hash);
  expect(lookUps()).toBe(2);
});

test("a revoked key is refused once RECHECK_MS are over, whatever the clock does", async () => {
  let answer: Caller | null = caller;
  const { cache, clock } = cacheOf(async () => answer);
  const hash = hashOf("a");
  expect(await cache.callerOf(hash)).toEqual(caller);
  answer = null;
  clock.at -= 3_600_000;
  expect(await cache.callerOf(hash)).toBeNull();
});

test("a look-up that failed is not remembered", async () => {
  let fails = true;
  const { cache } = cacheOf(async () => {
    if (fails) throw new Error("database away");
    return caller;
  });
  await expect(cache.callerOf(hashOf("a"))).rejects.toThrow("database away");
  fails = false;
  expect(await cache.callerOf(hashOf("a"))).toEqual(caller);
});

test("a flood of guesses does not fill the memory", async () => {
  const { cache, lookUps } = cacheOf(async () => null);
  for (let guess = 0; guess < 10_002; guess += 1) await cache.callerOf(hashOf(`guess ${guess}`));
  const before = lookUps();
  await cache.callerOf(hashOf("guess 10001"));
  expect(lookUps()).toBe(before);
  await cache.callerOf(hashOf("guess 0"));
  expect(lookUps()).toBe(before + 1);
});

test("what was forgotten is asked again", async () => {
  const { cache, lookUps } = cacheOf(async () => caller);
  await cache.callerOf(hashOf("a"));
  cache.forget(hashOf("a"));
  await cache.callerOf(hashOf("a"));
  expect(lookUps()).toBe(2);
});
