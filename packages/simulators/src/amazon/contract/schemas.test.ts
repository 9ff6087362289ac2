import { describe, expect, test } from "vitest";

import { closedDefinitions, closedSchema } from "./closed-schema.ts";
import { readOfficialModels } from "./official-model.ts";
import { notificationCheck } from "./official-notification.ts";
import { isReferenceMissing, MISSING_REASON, readReference } from "./reference-folder.ts";
import { compileCheck } from "./schema-check.ts";

// What holds the contract tests up: a check that lets everything pass would hold nothing.
describe("a closed schema", () => {
  const definitions = {
    Pet: {
      type: "object",
      required: ["name"],
      properties: {
        name: { type: "string", "x-nullable": true },
        born: { type: "string", format: "date-time" },
      },
    },
    Cat: {
      allOf: [
        { $ref: "#/definitions/Pet" },
        { type: "object", properties: { lives: { type: "integer", minimum: 1 } } },
      ],
    },
  };
  const check = (name: string) =>
    compileCheck({ $defs: closedDefinitions(definitions), $ref: `#/$defs/${name}` });

  test.each([
    ["Pet", { name: "Tom" }, 0],
    ["Pet", { name: null, born: "2026-11-23T10:00:00Z" }, 0],
    ["Pet", {}, 1],
    ["Pet", { name: "Tom", tail: 1 }, 1],
    ["Pet", { name: "Tom", born: "yesterday" }, 1],
    ["Cat", { name: "Tom", lives: 9 }, 0],
    ["Cat", { name: "Tom", lives: 0 }, 1],
    ["Cat", { name: "Tom", lives: 9, tail: 1 }, 1],
  ])("%s %j has %i problems", (name, value, problems) => {
    expect(check(name)(value)).toHaveLength(problems);
  });

  test("leaves objects open that allow further properties", () => {
    const open = closedSchema({ type: "object", properties: {}, additionalProperties: true });
    expect(compileCheck(open)({ anything: 1 })).toEqual([]);
  });
});

test("the official notification schemas take their own examples and refuse other fields", ({ skip }) => {
  skip(isReferenceMissing, MISSING_REASON);
  const file = "schemas/notifications/OrderChangeNotification.json";
  const { examples } = readReference(file) as { examples: Record<string, unknown>[] };
  const check = notificationCheck("ORDER_CHANGE");
  expect(examples.flatMap(check)).toEqual([]);
  expect(check({ ...examples[0], Extra: 1 })).toHaveLength(1);
});

test("the official models refuse an answer with a field of its own, a status of its own and a wrong request", ({
  skip,
}) => {
  skip(isReferenceMissing, MISSING_REASON);
  const models = readOfficialModels();
  const patched = { sku: "KB-M", status: "ACCEPTED", submissionId: "1", issues: [] };
  const value = [{ fulfillment_channel_code: "DEFAULT", quantity: 1 }];
  const patches = [{ op: "merge", path: "/attributes/fulfillment_availability", value }];
  const call = {
    method: "PATCH",
    path: "/listings/2021-08-01/items/A1/KB-M",
    requestBody: { productType: "PRODUCT", patches } as unknown,
    status: 200,
    responseBody: patched as unknown,
  };
  const problems = (change: object): number => models.check({ ...call, ...change }).problems.length;
  expect(models.check(call)).toEqual({ operation: "patchListingsItem", problems: [] });
  expect(problems({ responseBody: { ...patched, quantity: 1 } })).toBe(1);
  expect(problems({ responseBody: { ...patched, status: "DONE" } })).toBe(1);
  expect(problems({ requestBody: { patches } })).toBe(1);
  expect(problems({ status: 418 })).toBe(1);
  expect(problems({ path: "/listings/2021-08-01/items/A1/KB/M" })).toBe(1);
});
