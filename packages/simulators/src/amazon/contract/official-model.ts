import { closedDefinitions } from "./closed-schema.ts";
import { readReference } from "./reference-folder.ts";
import { type Check, compileCheck } from "./schema-check.ts";

type Schema = Record<string, unknown>;

interface ModelOperation {
  operationId: string;
  parameters?: { in: string; name: string; schema?: Schema }[];
  responses: Record<string, { schema?: Schema }>;
}

interface Model {
  definitions: Schema;
  paths: Record<string, Record<string, ModelOperation>>;
}

/** A vendor call as it went over the wire. */
export interface WireCall {
  method: string;
  /** Path without the query. */
  path: string;
  requestBody: unknown;
  status: number;
  responseBody: unknown;
}

interface Operation {
  id: string;
  method: string;
  path: RegExp;
  model: Model;
  shape: ModelOperation;
}

const models = [
  "orders_2026-01-01",
  "listingsItems_2021-08-01",
  "notifications",
  "fbaInventory",
  "sellers",
  "ordersV0",
];

function operationsOf(name: string): Operation[] {
  const model = readReference(`models/${name}.json`) as Model;
  return Object.entries(model.paths).flatMap(([template, byMethod]) =>
    Object.entries(byMethod)
      .filter(([, shape]) => shape.operationId !== undefined)
      .map(([method, shape]) => ({
        id: shape.operationId,
        method: method.toUpperCase(),
        path: new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
        model,
        shape,
      })),
  );
}

/** The official models, and what they say about calls. */
export interface OfficialModels {
  /** What is wrong with a call: its answer, and its body if it was accepted. Names the operation that it was. */
  check(call: WireCall): { operation: string; problems: string[] };
}

export function readOfficialModels(): OfficialModels {
  const operations = models.flatMap(operationsOf);
  const compiled = new Map<Schema, Check>();

  const checkOf = (model: Model, schema: Schema): Check => {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const reference = String(schema.$ref).replace("#/definitions/", "#/$defs/");
    const made = compileCheck({ $defs: closedDefinitions(model.definitions), $ref: reference });
    compiled.set(schema, made);
    return made;
  };

  return {
    check({ method, path, requestBody, status, responseBody }) {
      const operation = operations.find((each) => each.method === method && each.path.test(path));
      if (operation === undefined)
        return { operation: "none", problems: [`${method} ${path}: no operation`] };
      const { id, model, shape } = operation;
      const response = shape.responses[String(status)];
      if (response === undefined)
        return { operation: id, problems: [`${id}: status ${status} not declared`] };
      const answered = response.schema === undefined ? [] : checkOf(model, response.schema)(responseBody);
      const asked = shape.parameters?.find((parameter) => parameter.in === "body")?.schema;
      const accepted = asked !== undefined && status < 300 ? checkOf(model, asked)(requestBody) : [];
      const problems = [
        ...answered.map((problem) => `answer ${status}: ${problem}`),
        ...accepted.map((problem) => `request: ${problem}`),
      ];
      return { operation: id, problems };
    },
  };
}
