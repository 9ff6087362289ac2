import { describe, expect, test } from "vitest";

import { landed, migrations } from "./house/migration-hashes.ts";

describe("migrations", () => {
  test("are numbered from 0001 without a gap and named NNNN_verb_noun.sql", () => {
    const names = migrations().map(([name]) => name);
    expect(names.filter((name) => !/^\d{4}_[a-z0-9]+(_[a-z0-9]+)+\.sql$/.test(name))).toEqual([]);
    expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, index) => index + 1));
    expect(names.length).toBeGreaterThan(0);
  });

  test("are never changed after they landed: databases have run them already", () => {
    expect(landed(), "a new migration is added to the list by npm run fix").toEqual(
      Object.fromEntries(migrations()),
    );
  });
});
