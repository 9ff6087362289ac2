// One-dimensional arrays in PostgreSQL's binary format: a batch's columns travel as parameters of `unnest`. Text arrays
// would be quoted, scanned and parsed element by element on both sides (docs/adr/0002 has the measurement).

const INT4_OID = 23;
const INT8_OID = 20;
const TEXT_OID = 25;
const JSON_OID = 114;

const HEADER_BYTES = 20;
const TWO_TO_32 = 4_294_967_296;

/** Texts are first written here: their length in bytes is only known afterwards. */
let scratch = Buffer.allocUnsafe(1 << 16);

export function int8Array(values: readonly (number | null)[]): Buffer {
  const nulls = countNulls(values);
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + values.length * 4 + (values.length - nulls) * 8);
  let at = writeHeader(buffer, INT8_OID, values.length, nulls > 0);
  for (const value of values) {
    if (value === null) {
      at = buffer.writeInt32BE(-1, at);
      continue;
    }
    at = buffer.writeInt32BE(8, at);
    at = buffer.writeInt32BE(Math.floor(value / TWO_TO_32), at);
    at = buffer.writeUInt32BE(value >>> 0, at);
  }
  return buffer;
}

export function int4Array(values: readonly (number | null)[]): Buffer {
  const nulls = countNulls(values);
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + values.length * 4 + (values.length - nulls) * 4);
  let at = writeHeader(buffer, INT4_OID, values.length, nulls > 0);
  for (const value of values) {
    if (value === null) {
      at = buffer.writeInt32BE(-1, at);
      continue;
    }
    at = buffer.writeInt32BE(4, at);
    at = buffer.writeInt32BE(value, at);
  }
  return buffer;
}

export function textArray(values: readonly (string | null)[]): Buffer {
  return stringArray(TEXT_OID, values);
}

/** Elements are JSON texts. */
export function jsonArray(values: readonly (string | null)[]): Buffer {
  return stringArray(JSON_OID, values);
}

function stringArray(elementOid: number, values: readonly (string | null)[]): Buffer {
  let at = HEADER_BYTES;
  let hasNulls = false;
  for (const value of values) {
    const needed = at + 4 + (value === null ? 0 : value.length * 3); // UTF-16 to UTF-8: three bytes a unit at most
    if (needed > scratch.length) growScratch(needed, at);
    if (value === null) {
      hasNulls = true;
      at = scratch.writeInt32BE(-1, at);
      continue;
    }
    const bytes = scratch.write(value, at + 4);
    scratch.writeInt32BE(bytes, at);
    at += 4 + bytes;
  }
  writeHeader(scratch, elementOid, values.length, hasNulls);
  return Buffer.from(scratch.subarray(0, at));
}

function growScratch(needed: number, used: number): void {
  const larger = Buffer.allocUnsafe(Math.max(needed, scratch.length * 2));
  scratch.copy(larger, 0, 0, used);
  scratch = larger;
}

function writeHeader(buffer: Buffer, elementOid: number, length: number, hasNulls: boolean): number {
  buffer.writeInt32BE(1, 0); // dimensions
  buffer.writeInt32BE(hasNulls ? 1 : 0, 4);
  buffer.writeInt32BE(elementOid, 8);
  buffer.writeInt32BE(length, 12);
  return buffer.writeInt32BE(1, 16); // the first index
}

function countNulls(values: readonly unknown[]): number {
  let nulls = 0;
  for (const value of values) if (value === null) nulls++;
  return nulls;
}
