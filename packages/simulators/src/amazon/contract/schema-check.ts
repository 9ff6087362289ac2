import formats from "ajv-formats";
import { Ajv2019 } from "ajv/dist/2019.js";

/** What is wrong with a value; empty when nothing is. */
export type Check = (value: unknown) => string[];

/** Compiles a schema. Every property of it has to be known to the validator's dialect. */
export function compileCheck(schema: Record<string, unknown>): Check {
  const validator = new Ajv2019({ allErrors: true, strict: true, strictTypes: false });
  formats.default(validator, { mode: "full" });
  const validate = validator.compile(schema);
  return (value) =>
    validate(value)
      ? []
      : (validate.errors ?? []).map(
          ({ instancePath, message, params }) =>
            `${instancePath || "/"} ${message ?? ""} ${JSON.stringify(params)}`,
        );
}
