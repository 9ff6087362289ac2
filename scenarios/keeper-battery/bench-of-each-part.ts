import { afterAll, afterEach, beforeAll } from "vitest";

import { KeeperBench } from "./keeper-bench.ts";
import type { KeeperSubject } from "./keeper-subject.ts";

/** A bench for all tests of a part; no spoiled answer outlives its test. */
export function benchOfEachPart(subject: KeeperSubject): () => KeeperBench {
  let bench: KeeperBench | null = null;
  beforeAll(async () => {
    bench = await KeeperBench.open(subject);
  });
  afterEach(() => bench?.wire.clear());
  afterAll(() => bench?.close());
  return () => {
    if (bench === null) throw new Error("there is a bench only inside a test");
    return bench;
  };
}
