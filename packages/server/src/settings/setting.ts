/** What one setting's text means, or what is wrong with it and how to mend it (a sentence without the name). */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly mend: string };

/** One setting: how it is read, and what docs/settings.md says of it. */
export interface Setting<T> {
  readonly name: string;
  /** What holds when it is not given, in words. */
  readonly without: string;
  readonly about: string;
  /** Shown as it is in the documentation. */
  readonly example: string;
  /** Its value must never be printed. */
  readonly secret: boolean;
  /** The value when it is not given. */
  readonly fallback: T;
  parse(text: string): Parsed<T>;
}

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function refused<T>(mend: string): Parsed<T> {
  return { ok: false, mend };
}
