import { expect, test } from "vitest";

import { ERROR_CATALOGUE } from "../packages/server/src/api/error-catalogue.ts";
import { textOf } from "./house/repository.ts";

test("docs/errors.md describes every error code, and no other", () => {
  const described = [...textOf("docs/errors.md").matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);
  expect(new Set(described)).toEqual(new Set(Object.keys(ERROR_CATALOGUE)));
});
