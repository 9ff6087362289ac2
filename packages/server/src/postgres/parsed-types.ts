import pg from "pg";

/** PostgreSQL's type numbers of what we read differently than `pg` does. */
const INT8_OID = 20;

/**
 * int8 arrives as a number: units, sequences and ids stay below 2^53 by constraint. One that does not is a bug and throws, it is never
 * rounded.
 */
export const PARSED_TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === INT8_OID && format !== "binary"
      ? parseSafeInteger
      : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig["getTypeParser"],
};

function parseSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} does not fit a JavaScript number`);
  return value;
}
