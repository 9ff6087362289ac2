import { readFileSync } from "node:fs";

import {
  buildSchema,
  GraphQLError,
  type GraphQLScalarType,
  type GraphQLSchema,
  isScalarType,
  Kind,
} from "graphql";

import { readVendorTime } from "../vendor-time.ts";

const parts = ["common", "webhooks", "inventory", "snapshots", "orders", "purchase-orders", "returns"];

function scalarOf(schema: GraphQLSchema, name: string): GraphQLScalarType {
  const type = schema.getType(name);
  if (!isScalarType(type)) throw new Error(`the schema has no scalar ${name}`);
  return type;
}

function readTime(value: unknown): number {
  const epochMs = typeof value === "string" ? readVendorTime(value) : undefined;
  if (epochMs === undefined)
    throw new GraphQLError(`DateTime cannot represent value: ${JSON.stringify(value)}`);
  return epochMs;
}

function readInteger(value: unknown): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number))
    throw new GraphQLError(`BigInt cannot represent ${JSON.stringify(value)}`);
  return number;
}

/** ShipHero's schema, as far as it is needed; times go in as milliseconds, and out as they were written. */
export function createSchema(): GraphQLSchema {
  const schema = buildSchema(
    parts.map((part) => readFileSync(new URL(`sdl/${part}.graphql`, import.meta.url), "utf8")).join("\n"),
  );
  const time = scalarOf(schema, "ISODateTime");
  time.parseValue = readTime;
  time.parseLiteral = (node) => readTime(node.kind === Kind.STRING ? node.value : null);
  const bigInt = scalarOf(schema, "BigInt");
  bigInt.parseValue = readInteger;
  bigInt.parseLiteral = (node) => readInteger(node.kind === Kind.INT ? node.value : null);
  return schema;
}
