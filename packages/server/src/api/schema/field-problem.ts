// From what a schema found to the one problem that is answered: code, field and a sentence.
import type { z } from "zod";

import { DUPLICATE_FIELD, TOO_DEEP } from "../json/careful-json.ts";
import type { Problem } from "../problem.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/**
 * The problem of the first thing found wrong. `whole` names what was checked when the whole of it is wrong: `body`, or the
 * item of a batch.
 */
export function fieldProblem(error: z.core.$ZodError, value: unknown, whole: string): Problem {
  const [issue] = error.issues;
  if (issue === undefined) throw new Error("a failed check names no issue");
  if (issue.code === "unrecognized_keys") return unknownField(issue, value);
  const found = valueAt(value, issue.path);
  const field = issue.path.length === 0 ? whole : pathText(issue.path);
  if (found === DUPLICATE_FIELD)
    return { code: "duplicate_field", field, message: `${field} is given more than once.` };
  if (found === TOO_DEEP) return { code: "too_deep", field, message: `${field} nests too deeply.` };
  const isMissing = found === undefined && issue.path.length > 0;
  const code = isMissing ? "missing_field" : "invalid_field";
  if (issue.code === "custom" && issue.params?.["sentence"] === true)
    return { code, field, message: issue.message };
  const message = `${field} ${isMissing ? "is required:" : "must be"} ${expectation(issue)}.`;
  return { code, field, message };
}

/** `lines.0.sku`; a name that is empty is shown as `""`. */
function pathText(path: Path): string {
  return path.map((step) => (step === "" ? '""' : String(step))).join(".");
}

function unknownField(issue: Issue & { code: "unrecognized_keys" }, value: unknown): Problem {
  const name = issue.keys[0] ?? "";
  const field = pathText([...issue.path, name]);
  const marker = valueAt(value, [...issue.path, name]);
  if (marker === DUPLICATE_FIELD)
    return {
      code: "duplicate_field",
      field,
      message: `${field} is given more than once, and is not known here.`,
    };
  return { code: "unknown_field", field, message: `${field} is not a field of this call.` };
}

/** What a field must be. Schemas give the phrase where zod's own would name its types. */
function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return TYPE_PHRASES[issue.expected] ?? issue.message;
    case "invalid_value":
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "too_big":
      return issue.origin === "array"
        ? `an array of at most ${issue.maximum.toLocaleString("en-US")} items`
        : issue.message;
    case "too_small":
      return issue.origin === "array"
        ? `an array of at least ${issue.minimum.toLocaleString("en-US")} item`
        : issue.message;
    default:
      return issue.message;
  }
}

const TYPE_PHRASES: Readonly<Record<string, string>> = {
  object: "an object",
  record: "an object",
  array: "an array",
  boolean: "true or false",
};

function valueAt(value: unknown, path: Path): unknown {
  let found: unknown = value;
  for (const step of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<PropertyKey, unknown>)[step];
  }
  return found;
}
