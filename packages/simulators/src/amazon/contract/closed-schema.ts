type Schema = Record<string, unknown>;

/** What validates; everything else (descriptions, examples, vendor extensions, `$id`) is left out. */
const KEPT = new Set([
  "$ref",
  "allOf",
  "anyOf",
  "const",
  "enum",
  "exclusiveMaximum",
  "exclusiveMinimum",
  "format",
  "items",
  "maxItems",
  "maxLength",
  "maximum",
  "minItems",
  "minLength",
  "minimum",
  "oneOf",
  "pattern",
  "required",
  "type",
  "uniqueItems",
]);

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const mapped = (schemas: unknown, each: (schema: unknown) => unknown): unknown =>
  isSchema(schemas)
    ? Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, each(schema)]))
    : schemas;

/** Swagger 2.0 spells null as an extension. */
function withNull(schema: Schema): Schema {
  const { type, enum: values } = schema;
  return {
    ...schema,
    ...(type === undefined ? {} : { type: [type, "null"].flat() }),
    ...(Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : {}),
  };
}

/** The keywords that hold other schemas, rewritten. */
function rewrittenParts(source: Schema): Schema {
  const { properties, items, allOf, additionalProperties } = source;
  return {
    ...(properties === undefined ? {} : { properties: mapped(properties, (each) => rewritten(each, false)) }),
    ...(items === undefined ? {} : { items: rewritten(items, false) }),
    ...(Array.isArray(allOf) ? { allOf: allOf.map((part) => rewritten(part, true)) } : {}),
    ...(isSchema(additionalProperties)
      ? { additionalProperties: rewritten(additionalProperties, false) }
      : {}),
  };
}

/**
 * A schema that refuses properties it does not name, so that a made-up field is found. The parts of an `allOf` stay
 * open, or each would refuse what the others bring. Objects that allow further properties keep doing so.
 */
function rewritten(source: unknown, isOpen: boolean): unknown {
  if (!isSchema(source)) return source;
  if (typeof source.$ref === "string") {
    return { $ref: source.$ref.replace("#/definitions/", isOpen ? "#/$defs/open:" : "#/$defs/") };
  }
  const own = Object.fromEntries(Object.entries(source).filter(([keyword]) => KEPT.has(keyword)));
  const schema: Schema = { ...own, ...rewrittenParts(source) };
  const namesProperties = schema.properties !== undefined || schema.allOf !== undefined;
  if (namesProperties && source.additionalProperties === undefined && !isOpen) {
    schema.unevaluatedProperties = false;
  }
  return source["x-nullable"] === true ? withNull(schema) : schema;
}

/** A whole JSON Schema, closed. */
export function closedSchema(source: unknown): Schema {
  const schema = rewritten(source, false);
  return isSchema(schema) ? schema : {};
}

/** The definitions of a Swagger 2.0 model as `$defs`, each closed, and open under `open:` and its name. */
export function closedDefinitions(definitions: Schema): Schema {
  const entries = Object.entries(definitions);
  return Object.fromEntries([
    ...entries.map(([name, schema]) => [name, rewritten(schema, false)] as const),
    ...entries.map(([name, schema]) => [`open:${name}`, rewritten(schema, true)] as const),
  ]);
}
