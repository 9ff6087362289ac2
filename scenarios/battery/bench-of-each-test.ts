import { afterEach, beforeEach, expect } from "vitest";

import { BatteryBench } from "./battery-bench.ts";
import { type BatterySubject, isLacking } from "./battery-subject.ts";
import type { BatteryVaults } from "./battery-vaults.ts";

/** A channel and the place of its tokens: what every part of the battery is given. */
export interface BatteryParts {
  readonly subject: BatterySubject;
  readonly vaults: BatteryVaults;
}

/** A bench anew for every test below, none of whose errors may tell a secret. */
export function benchOfEachTest({ subject, vaults }: BatteryParts): () => BatteryBench {
  let bench: BatteryBench | null = null;
  beforeEach(async () => {
    bench = await BatteryBench.open(subject, vaults);
  });
  afterEach(async () => {
    const leaks = bench?.leaks();
    await bench?.close();
    bench = null;
    expect(leaks, "errors in which a token or a secret can be read").toEqual([]);
  });
  return () => {
    if (bench === null) throw new Error("there is a bench only inside a test");
    return bench;
  };
}

/** Ends a test that this channel has nothing for, by name. */
export function needs(skip: (note: string) => never, ...things: readonly unknown[]): void {
  for (const thing of things) if (isLacking(thing)) skip(`not applicable: ${thing.lacks}`);
}

/** What is there, or the end of the test by name. */
export function needed<Thing>(
  skip: (note: string) => never,
  thing: Thing,
): Exclude<Thing, { lacks: string }> {
  if (isLacking(thing)) return skip(`not applicable: ${thing.lacks}`);
  return thing as Exclude<Thing, { lacks: string }>;
}
