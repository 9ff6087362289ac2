// A lone command's batch in one statement instead of four: what each costs beside its rows is most of what a single order
// costs the database.
import type { Statement, Step } from "./burst.ts";
import {
  INSERT_ENTRIES,
  INSERT_MOVEMENTS,
  INSERT_ORDERS,
  MOVE_HEAD,
  UPDATE_ORDERS,
  type CheckedStatement,
} from "./write-statements.ts";

const SHAPES = [
  combined("new_order", [MOVE_HEAD, INSERT_ENTRIES, INSERT_MOVEMENTS, INSERT_ORDERS]),
  combined("known_order", [MOVE_HEAD, INSERT_ENTRIES, INSERT_MOVEMENTS, UPDATE_ORDERS]),
];

interface Shape {
  readonly parts: readonly CheckedStatement[];
  readonly statement: Statement;
}

/** The same writes as one statement, where they have one of the usual shapes; otherwise as they came. */
export function combineSteps(steps: readonly Step[]): readonly Step[] {
  const shape = SHAPES.find(
    ({ parts }) =>
      parts.length === steps.length && parts.every((part, index) => part === steps[index]?.statement),
  );
  if (shape === undefined) return steps;
  // Every part's first parameter is the seller.
  const values = steps.flatMap((step, index) => (index === 0 ? step.values : step.values.slice(1)));
  return [{ statement: shape.statement, values }];
}

export function isCombined(statement: Statement): boolean {
  return SHAPES.some((shape) => shape.statement === statement);
}

/** One statement of several writes; each part's parameters but the seller are numbered on. */
function combined(name: string, parts: readonly CheckedStatement[]): Shape {
  let offset = 0;
  const writes: string[] = [];
  const checks: string[] = [];
  for (const [index, { write, parameters }] of parts.entries()) {
    const shift = offset;
    const numbered = write.replaceAll(/\$(\d+)/g, (_, digits: string) =>
      digits === "1" ? "$1" : `$${Number(digits) + shift}`,
    );
    writes.push(`part_${index} as (${numbered} returning 1)`);
    checks.push(`(select count(*) from part_${index}) = $${parameters + shift}::bigint`);
    offset += parameters - 1;
  }
  const text = `with ${writes.join(",\n")}\nselect 1 / (${checks.join("\n and ")})::int`;
  return { parts, statement: { name: `ledger_${name}`, text } };
}
