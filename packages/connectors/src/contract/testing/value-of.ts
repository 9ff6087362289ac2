import type { Outcome } from "../outcome.ts";

/** The value of an outcome that has to be a success. */
export function valueOf<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(`${outcome.error.kind}: ${outcome.error.message}`);
  return outcome.value;
}
