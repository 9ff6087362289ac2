import { expect, test } from "vitest";

import { ERROR_CATALOGUE } from "../packages/server/src/api/error-catalogue.ts";
import { textOf } from "./house/repository.ts";

test("docs/errors.md describes every error code", () => {
  const described = [...textOf("docs/errors.md").matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, code]) => code);
  const codes = Object.keys(ERROR_CATALOGUE);
  expect(codes.filter((code) => !described.includes(code))).toEqual([]);
});
