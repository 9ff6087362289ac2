// A JSON Schema as a table that people read: one row per field, nested fields by their path.
import { escaped, prose } from "./html.ts";
import type { JsonSchema } from "./json-schema.ts";

interface Row {
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly about: string;
}

/** The table of a schema's fields, or its type where it has none. */
export function schemaTable(schema: JsonSchema, shared: Readonly<Record<string, JsonSchema>>): string {
  const rows = fieldRows(schema, "", shared);
  if (rows.length === 0) return `<p><code>${escaped(typeText(schema, shared))}</code></p>`;
  const body = rows.map(
    ({ path, type, required, about }) =>
      `<tr><td><code>${escaped(path)}</code>${required ? "" : " <small>optional</small>"}</td><td>${escaped(type)}</td><td>${prose(about)}</td></tr>`,
  );
  return `<table><thead><tr><th>field</th><th>type</th><th></th></tr></thead><tbody>${body.join("")}</tbody></table>`;
}

function fieldRows(schema: JsonSchema, prefix: string, shared: Readonly<Record<string, JsonSchema>>): Row[] {
  const object = resolved(schema, shared);
  const choices = object.oneOf ?? object.anyOf;
  if (choices !== undefined) return choices.flatMap((choice) => choiceRows(choice, prefix, shared));
  if (object.items !== undefined) return fieldRows(object.items, `${prefix}[]`, shared);
  return Object.entries(object.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    const row: Row = {
      path,
      type: typeText(field, shared),
      required: object.required?.includes(name) ?? false,
      about: resolved(field, shared).description ?? field.description ?? "",
    };
    return [row, ...fieldRows(field, path, shared)];
  });
}

/** The fields of one kind of a union, headed by what tells it apart. */
function choiceRows(choice: JsonSchema, prefix: string, shared: Readonly<Record<string, JsonSchema>>): Row[] {
  const object = resolved(choice, shared);
  const constant = Object.entries(object.properties ?? {}).find(([, field]) => field["const"] !== undefined);
  if (constant === undefined) return fieldRows(choice, prefix, shared);
  const [name, field] = constant;
  const label = `${prefix}(${name}: ${JSON.stringify(field["const"])})`;
  return fieldRows(choice, label, shared).filter((row) => row.path !== `${label}.${name}`);
}

function resolved(schema: JsonSchema, shared: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const id = schema.$ref?.split("/").at(-1);
  const nullable = schema.anyOf?.filter((choice) => choice.type !== "null");
  if (nullable?.length === 1 && nullable[0] !== undefined)
    return resolved({ ...nullable[0], ...described(schema) }, shared);
  return id === undefined ? schema : { ...shared[id], ...described(schema) };
}

function described({ description }: JsonSchema): { description?: string } {
  return description === undefined ? {} : { description };
}

function typeText(schema: JsonSchema, shared: Readonly<Record<string, JsonSchema>>): string {
  const isNullable = [schema, ...(schema.anyOf ?? [])].some(({ type }) => [type].flat().includes("null"));
  const type = plainType(resolved(schema, shared), shared);
  return isNullable ? `${type} or null` : type;
}

function plainType(schema: JsonSchema, shared: Readonly<Record<string, JsonSchema>>): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map((choice) => typeText(choice, shared)).join(" or ");
  if (schema["const"] !== undefined) return JSON.stringify(schema["const"]);
  if (Array.isArray(schema["enum"])) return schema["enum"].map((value) => JSON.stringify(value)).join(" | ");
  if (schema.items !== undefined) return `array of ${typeText(schema.items, shared)}`;
  if (schema["format"] === "date-time") return "instant (ISO 8601)";
  const [type = "object"] = [schema.type].flat().filter((name) => name !== undefined && name !== "null");
  return type === "integer" ? `integer${rangeText(schema)}` : type;
}

function rangeText(schema: JsonSchema): string {
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
  if (minimum === undefined || maximum === undefined) return "";
  return `, ${minimum.toLocaleString("en-US")} … ${maximum.toLocaleString("en-US")}`;
}
