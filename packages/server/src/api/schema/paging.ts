// Lists page by cursor: the key of the last item, as text that nobody has to understand.
import { z } from "zod";

const LIMIT_MAX = 200;
const LIMIT_TEXT = `a number from 1 to ${LIMIT_MAX}, given once`;

/** Items of a page. */
export const limit = z
  .string({ error: LIMIT_TEXT })
  .regex(/^[1-9]\d{0,2}$/, { error: LIMIT_TEXT })
  .transform(Number)
  .refine((value) => value <= LIMIT_MAX, { error: LIMIT_TEXT })
  .default(50)
  .meta({ description: `Items of a page: 1 to ${LIMIT_MAX}.` });

const CURSOR_TEXT = "a nextCursor of this list, as it was answered";

/** A cursor that holds these parts. */
export function cursor<T extends z.ZodType>(parts: T) {
  return z
    .string({ error: CURSOR_TEXT })
    .max(4_000, { error: CURSOR_TEXT })
    .transform((text, context): z.output<T> => {
      const read = parts.safeParse(decoded(text));
      if (read.success) return read.data;
      context.issues.push({ code: "custom", input: text, message: CURSOR_TEXT });
      return z.NEVER;
    })
    .exactOptional()
    .meta({ description: "nextCursor of the page before." });
}

/** The cursor that holds these parts. */
export function cursorText(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

/** A page cut to its limit, and the cursor of the next; `items` has one more than the limit where there is a next page. */
export function pageOf<T>(
  items: readonly T[],
  size: number,
  keyOf: (item: T) => readonly (string | number)[],
): { readonly items: readonly T[]; readonly nextCursor: string | null } {
  const last = items[size - 1];
  const hasMore = items.length > size && last !== undefined;
  return { items: items.slice(0, size), nextCursor: hasMore ? cursorText(keyOf(last)) : null };
}

/** A place in a sequence, in a cursor. */
export const sequencePart = z.int().min(0);
