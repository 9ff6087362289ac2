import { z } from "zod";

/** A JSON Schema as it stands in the OpenAPI document. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

/** Collects the schemas that have an id, so that each stands in the document once. */
export class JsonSchemas {
  readonly shared: Record<string, JsonSchema> = {};

  /** `input`: what a caller sends; `output`: what a caller gets. */
  of(schema: z.ZodType, side: "input" | "output"): JsonSchema {
    const { $schema: _, $defs, ...own } = z.toJSONSchema(schema, { io: side });
    for (const [id, shared] of Object.entries($defs ?? {})) this.shared[id] = tidy(shared) as JsonSchema;
    return tidy(own) as JsonSchema;
  }
}

/** References point into the document, and what says no more than the type is left out. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name, member]) => !isNoise(name, member));
  return Object.fromEntries(
    kept.map(([name, member]) =>
      name === "$ref" && typeof member === "string"
        ? [name, member.replace("#/$defs/", "#/components/schemas/")]
        : [name, tidy(member)],
    ),
  );
}

/** zod repeats a schema's id, spells out dates that `format` names already, and bounds every integer by 2^53. */
function isNoise(name: string, member: unknown): boolean {
  if (name === "id") return typeof member === "string";
  if (name === "pattern") return typeof member === "string" && member.includes(String.raw`\d\d[2468][048]`);
  return (name === "minimum" || name === "maximum") && Math.abs(Number(member)) === Number.MAX_SAFE_INTEGER;
}
