// Messages of PostgreSQL's extended protocol, written one behind the other into one piece of memory and sent in one go.
// Columns of `unnest` are written in binary right where they are needed: as text they would be quoted, scanned and parsed
// element by element on both sides, and as buffers of their own copied twice more (docs/adr/0002 has the measurements).

const INT4_OID = 23;
const INT8_OID = 20;
const TEXT_OID = 25;
const JSON_OID = 114;

const TWO_TO_32 = 4_294_967_296;

/** Texts up to this length are written character by character while they are ASCII: a call into C++ costs more. */
const SHORT_TEXT = 48;

const FIRST_BYTES = 1 << 18;

/** One huge batch shall not occupy memory for ever. */
const KEPT_BYTES = 1 << 22;

/** A column of `unnest`. */
export interface Column {
  readonly write: (out: WireBuffer) => void;
}

export type Value = string | number | null | Column;

export class WireBuffer {
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private view = new DataView(this.bytes.buffer);
  private at = 0;

  /** What was written since the last time. */
  take(): Buffer {
    const taken = Buffer.from(this.bytes.subarray(0, this.at));
    this.at = 0;
    if (this.bytes.length > KEPT_BYTES) this.resize(FIRST_BYTES);
    return taken;
  }

  parse(name: string, text: string): void {
    const start = this.begin("P");
    this.cString(name);
    this.cString(text);
    this.int16(0); // parameter types are found out by the server
    this.end(start);
  }

  bind(statement: string, values: readonly Value[]): void {
    const start = this.begin("B");
    this.cString(""); // portal
    this.cString(statement);
    this.int16(values.length);
    for (const value of values) this.int16(isColumn(value) ? 1 : 0);
    this.int16(values.length);
    for (const value of values) this.value(value);
    this.int16(0); // results as text
    this.end(start);
  }

  execute(): void {
    const start = this.begin("E");
    this.cString(""); // portal
    this.int32(0); // all rows
    this.end(start);
  }

  /** Forgets a prepared statement, if there is one. */
  close(statement: string): void {
    const start = this.begin("C");
    this.cString(`S${statement}`);
    this.end(start);
  }

  sync(): void {
    this.end(this.begin("S"));
  }

  /** An array of int8; without any value it is the null parameter, which `unnest` fills up with nulls. */
  int8s<R>(rows: readonly R[], valueOf: (row: R) => number | null): void {
    const start = this.beginArray(INT8_OID, rows.length);
    this.reserve(rows.length * 12);
    let nulls = 0;
    for (const row of rows) {
      const value = valueOf(row);
      if (value === null) {
        nulls++;
        this.putInt32(-1);
        continue;
      }
      const { view, at } = this;
      view.setInt32(at, 8);
      view.setInt32(at + 4, Math.floor(value / TWO_TO_32));
      view.setUint32(at + 8, value >>> 0);
      this.at = at + 12;
    }
    this.endArray(start, nulls, rows.length);
  }

  int4s<R>(rows: readonly R[], valueOf: (row: R) => number | null): void {
    const start = this.beginArray(INT4_OID, rows.length);
    this.reserve(rows.length * 8);
    let nulls = 0;
    for (const row of rows) {
      const value = valueOf(row);
      if (value === null) {
        nulls++;
        this.putInt32(-1);
        continue;
      }
      this.putInt32(4);
      this.putInt32(value);
    }
    this.endArray(start, nulls, rows.length);
  }

  strings<R>(elementOid: number, rows: readonly R[], valueOf: (row: R) => string | null): void {
    const start = this.beginArray(elementOid, rows.length);
    let nulls = 0;
    for (const row of rows) {
      const value = valueOf(row);
      if (value === null) {
        nulls++;
        this.int32(-1);
      } else this.sizedText(value);
    }
    this.endArray(start, nulls, rows.length);
  }

  private value(value: Value): void {
    if (value === null) this.int32(-1);
    else if (typeof value === "object") value.write(this);
    else this.sizedText(String(value));
  }

  /** A text behind its length in bytes. */
  private sizedText(value: string): void {
    const { length } = value;
    this.reserve(4 + length * 3); // UTF-16 to UTF-8: three bytes a unit at most
    const { bytes } = this;
    const start = this.at + 4;
    let written = 0;
    if (length <= SHORT_TEXT) {
      for (; written < length; written++) {
        const code = value.charCodeAt(written);
        if (code > 127) break;
        bytes[start + written] = code;
      }
    }
    if (written < length) written = bytes.write(value, start);
    this.view.setInt32(this.at, written);
    this.at = start + written;
  }

  private cString(value: string): void {
    this.reserve(value.length * 3 + 1);
    this.at += this.bytes.write(value, this.at);
    this.bytes[this.at++] = 0;
  }

  private int16(value: number): void {
    this.reserve(2);
    this.view.setInt16(this.at, value);
    this.at += 2;
  }

  private int32(value: number): void {
    this.reserve(4);
    this.putInt32(value);
  }

  /** Where room is reserved already. */
  private putInt32(value: number): void {
    this.view.setInt32(this.at, value);
    this.at += 4;
  }

  /** Begins a message; answers where its length goes. */
  private begin(type: string): number {
    this.reserve(5);
    this.bytes[this.at] = type.charCodeAt(0);
    this.at += 5;
    return this.at - 4;
  }

  private end(start: number): void {
    this.view.setInt32(start, this.at - start);
  }

  /** Begins an array behind its length in bytes; answers where the length goes. */
  private beginArray(elementOid: number, length: number): number {
    this.reserve(24);
    const { view, at } = this;
    view.setInt32(at + 4, 1); // dimensions
    view.setInt32(at + 12, elementOid);
    view.setInt32(at + 16, length);
    view.setInt32(at + 20, 1); // the first index
    this.at = at + 24;
    return at;
  }

  private endArray(start: number, nulls: number, length: number): void {
    const { view } = this;
    if (nulls === length) {
      view.setInt32(start, -1);
      this.at = start + 4;
      return;
    }
    view.setInt32(start, this.at - start - 4);
    view.setInt32(start + 8, nulls > 0 ? 1 : 0);
  }

  private reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const { bytes, at } = this;
    this.resize(Math.max(at + more, bytes.length * 2));
    bytes.copy(this.bytes, 0, 0, at);
  }

  private resize(size: number): void {
    this.bytes = Buffer.allocUnsafeSlow(size);
    this.view = new DataView(this.bytes.buffer);
  }
}

export function int8Array<R>(rows: readonly R[], valueOf: (row: R) => number | null): Column {
  return { write: (out) => out.int8s(rows, valueOf) };
}

export function int4Array<R>(rows: readonly R[], valueOf: (row: R) => number | null): Column {
  return { write: (out) => out.int4s(rows, valueOf) };
}

export function textArray<R>(rows: readonly R[], valueOf: (row: R) => string | null): Column {
  return { write: (out) => out.strings(TEXT_OID, rows, valueOf) };
}

/** Elements are JSON texts. */
export function jsonArray<R>(rows: readonly R[], valueOf: (row: R) => string | null): Column {
  return { write: (out) => out.strings(JSON_OID, rows, valueOf) };
}

function isColumn(value: Value): value is Column {
  return typeof value === "object" && value !== null;
}
