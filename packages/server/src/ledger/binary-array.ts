// One-dimensional arrays in PostgreSQL's binary format: a batch's columns travel as parameters of `unnest`. Text arrays
// would be quoted, scanned and parsed element by element on both sides (docs/adr/0002 has the measurement).
import type { Value } from "./burst.ts";

const INT4_OID = 23;
const INT8_OID = 20;
const TEXT_OID = 25;
const JSON_OID = 114;

const HEADER_BYTES = 20;
const TWO_TO_32 = 4_294_967_296;

/** Texts up to this length are written character by character while they are ASCII: a call into C++ costs more. */
const SHORT_TEXT = 48;

/** Arrays are built here and copied out when they are whole. */
let bytes = Buffer.allocUnsafeSlow(1 << 18);
let view = new DataView(bytes.buffer);
/** Where the next byte goes. */
let at = 0;

/** A column of `unnest`; one without any value is the null parameter, which `unnest` fills up with nulls. */
export function int8Array<R>(rows: readonly R[], valueOf: (row: R) => number | null): Value {
  begin(rows.length * 12);
  let nulls = 0;
  for (const row of rows) {
    const value = valueOf(row);
    if (value === null) {
      nulls++;
      writeInt(-1);
      continue;
    }
    view.setInt32(at, 8);
    view.setInt32(at + 4, Math.floor(value / TWO_TO_32));
    view.setUint32(at + 8, value >>> 0);
    at += 12;
  }
  return finish(INT8_OID, rows.length, nulls);
}

export function int4Array<R>(rows: readonly R[], valueOf: (row: R) => number | null): Value {
  begin(rows.length * 8);
  let nulls = 0;
  for (const row of rows) {
    const value = valueOf(row);
    if (value === null) {
      nulls++;
      writeInt(-1);
      continue;
    }
    view.setInt32(at, 4);
    view.setInt32(at + 4, value);
    at += 8;
  }
  return finish(INT4_OID, rows.length, nulls);
}

export function textArray<R>(rows: readonly R[], valueOf: (row: R) => string | null): Value {
  return stringArray(TEXT_OID, rows, valueOf);
}

/** Elements are JSON texts. */
export function jsonArray<R>(rows: readonly R[], valueOf: (row: R) => string | null): Value {
  return stringArray(JSON_OID, rows, valueOf);
}

function stringArray<R>(elementOid: number, rows: readonly R[], valueOf: (row: R) => string | null): Value {
  begin(0);
  let nulls = 0;
  for (const row of rows) {
    const value = valueOf(row);
    if (value === null) {
      nulls++;
      reserve(4);
      writeInt(-1);
    } else writeText(value);
  }
  return finish(elementOid, rows.length, nulls);
}

function writeText(value: string): void {
  const { length } = value;
  reserve(4 + length * 3); // UTF-16 to UTF-8: three bytes a unit at most
  const start = at + 4;
  let written = 0;
  if (length <= SHORT_TEXT) {
    for (; written < length; written++) {
      const code = value.charCodeAt(written);
      if (code > 127) break;
      bytes[start + written] = code;
    }
  }
  if (written < length) written = bytes.write(value, start);
  view.setInt32(at, written);
  at = start + written;
}

function writeInt(value: number): void {
  view.setInt32(at, value);
  at += 4;
}

function begin(size: number): void {
  at = HEADER_BYTES;
  reserve(size);
}

function reserve(more: number): void {
  if (at + more <= bytes.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(at + more, bytes.length * 2));
  bytes.copy(larger, 0, 0, at);
  bytes = larger;
  view = new DataView(bytes.buffer);
}

function finish(elementOid: number, length: number, nulls: number): Value {
  if (nulls === length) return null;
  view.setInt32(0, 1); // dimensions
  view.setInt32(4, nulls > 0 ? 1 : 0);
  view.setInt32(8, elementOid);
  view.setInt32(12, length);
  view.setInt32(16, 1); // the first index
  return Buffer.from(bytes.subarray(0, at));
}
