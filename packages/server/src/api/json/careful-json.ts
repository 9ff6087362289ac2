// A JSON parser for the bodies that JSON.parse must not see, or answers wrongly: those that nest deeper than anything we
// take (a few megabytes of brackets would cost hundreds of megabytes), and those that name a field twice. What is wrong is
// replaced by a marker where it stands, so that one bad item of a batch does not sink the others.
import { endOfString } from "./json-shape.ts";

/** Stands for a field that was given twice. No schema takes a symbol. */
export const DUPLICATE_FIELD: unique symbol = Symbol("duplicate field");

/** Stands for an array or object that nests too deeply. */
export const TOO_DEEP: unique symbol = Symbol("too deep");

/** Deeper than any body this API documents. */
export const MAX_DEPTH = 16;

export type CarefulAnswer =
  | { readonly ok: true; readonly value: unknown }
  /** Where the text stops being JSON, in UTF-16 units. */
  | { readonly ok: false; readonly position: number };

/** Parses as JSON.parse does, except for the markers. */
export function parseCarefully(text: string): CarefulAnswer {
  const reader = new Reader(text);
  try {
    const value = reader.value(1);
    reader.skipSpace();
    return reader.position === text.length ? { ok: true, value } : { ok: false, position: reader.position };
  } catch (error) {
    if (error instanceof NotJson) return { ok: false, position: error.position };
    throw error;
  }
}

class NotJson extends Error {
  readonly position: number;

  constructor(position: number) {
    super("not JSON");
    this.position = position;
  }
}

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

class Reader {
  position = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  value(depth: number): unknown {
    this.skipSpace();
    const first = this.text[this.position];
    if (first === "{" || first === "[") {
      if (depth > MAX_DEPTH) return this.skipNested();
      return first === "{" ? this.object(depth) : this.array(depth);
    }
    return first === '"' ? this.string() : this.scalar();
  }

  skipSpace(): void {
    SPACE.lastIndex = this.position;
    SPACE.exec(this.text);
    this.position = SPACE.lastIndex;
  }

  private object(depth: number): object {
    const members = new Map<string, unknown>();
    this.position++;
    if (!this.takes("}")) {
      do {
        this.skipSpace();
        const name = this.string();
        this.expect(":");
        const value = this.value(depth + 1);
        members.set(name, members.has(name) ? DUPLICATE_FIELD : value);
      } while (this.takes(","));
      this.expect("}");
    }
    // Defines `__proto__` as a field like any other, as JSON.parse does.
    return Object.fromEntries(members);
  }

  private array(depth: number): unknown[] {
    const items: unknown[] = [];
    this.position++;
    if (!this.takes("]")) {
      do items.push(this.value(depth + 1));
      while (this.takes(","));
      this.expect("]");
    }
    return items;
  }

  private string(): string {
    if (this.text[this.position] !== '"') throw new NotJson(this.position);
    const end = endOfString(this.text, this.position) + 1;
    return this.native(end) as string;
  }

  private scalar(): unknown {
    SCALAR.lastIndex = this.position;
    if (!SCALAR.test(this.text)) throw new NotJson(this.position);
    return this.native(SCALAR.lastIndex);
  }

  /** What JSON.parse makes of the text up to `end`. */
  private native(end: number): unknown {
    const slice = this.text.slice(this.position, end);
    try {
      const value: unknown = JSON.parse(slice);
      this.position = end;
      return value;
    } catch {
      throw new NotJson(this.position);
    }
  }

  /** Steps over an array or object without building it; what is inside is not checked. */
  private skipNested(): typeof TOO_DEEP {
    let open = 0;
    do {
      const character = this.text[this.position];
      if (character === undefined) throw new NotJson(this.position);
      if (character === '"') this.position = endOfString(this.text, this.position);
      else if (character === "{" || character === "[") open++;
      else if (character === "}" || character === "]") open--;
      this.position++;
    } while (open > 0);
    return TOO_DEEP;
  }

  private takes(character: string): boolean {
    this.skipSpace();
    if (this.text[this.position] !== character) return false;
    this.position++;
    return true;
  }

  private expect(character: string): void {
    if (!this.takes(character)) throw new NotJson(this.position);
  }
}
