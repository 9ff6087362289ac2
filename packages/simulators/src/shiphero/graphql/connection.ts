import { DEFAULT_PAGE } from "./price.ts";
import type { RequestContext } from "./request-context.ts";
import { invalid, type VendorRefusal } from "./vendor-refusal.ts";

interface PageArguments {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
  sort?: string | null;
}

interface Connection<Node> {
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  edges: { node: Node; cursor: string }[];
  total_count: number;
}

/** A cursor is a position, not a row: rows that come in between shift the next page. ASSUMED, as graphene does. */
function cursorAt(position: number): string {
  return Buffer.from(`arrayconnection:${position}`).toString("base64");
}

function positionOf(cursor: string): number | undefined {
  const found = /^arrayconnection:(\d+)$/.exec(Buffer.from(cursor, "base64").toString("utf8"));
  return found === null ? undefined : Number(found[1]);
}

/** Which rows are asked for: from, up to and without. */
function rangeOf(count: number, page: PageArguments): { from: number; to: number } | VendorRefusal {
  const after = typeof page.after === "string" ? positionOf(page.after) : -1;
  const before = typeof page.before === "string" ? positionOf(page.before) : count;
  if (after === undefined || before === undefined) return invalid("Invalid cursor");
  let from = Math.max(0, after + 1);
  let to = Math.min(count, before);
  const { first, last } = page;
  if ((first ?? 0) < 0 || (last ?? 0) < 0) return invalid("first and last must not be negative");
  if (typeof last === "number" && typeof first !== "number") from = Math.max(from, to - last);
  else to = Math.min(to, from + (first ?? DEFAULT_PAGE));
  return { from, to: Math.max(from, to) };
}

function sorted<Node extends object>(nodes: Node[], sort: string): Node[] | VendorRefusal {
  const descending = sort.startsWith("-");
  const field = sort.replace(/^[-+]/, "") as keyof Node;
  const keyOf = (node: Node): unknown => node[field];
  if (nodes.some((node) => !["string", "number"].includes(typeof keyOf(node)))) {
    return invalid(`Cannot sort by ${String(field)}`);
  }
  const ascending = nodes.toSorted((a, b) => {
    const [left, right] = [keyOf(a) as string | number, keyOf(b) as string | number];
    if (left === right) return 0;
    return left < right ? -1 : 1;
  });
  return descending ? ascending.toReversed() : ascending;
}

/** The resolver of a connection over these rows. */
export function connect<Row, Node extends object>(rows: readonly Row[], toNode: (row: Row) => Node) {
  return (page: PageArguments, context: RequestContext): Connection<Node> | VendorRefusal => {
    const range = rangeOf(rows.length, page);
    if (range instanceof Error) return range;
    const ordered = typeof page.sort === "string" ? sorted(rows.map(toNode), page.sort) : undefined;
    if (ordered instanceof Error) return ordered;
    const nodes = ordered?.slice(range.from, range.to) ?? rows.slice(range.from, range.to).map(toNode);
    context.rows += nodes.length;
    const edges = nodes.map((node, index) => ({ node, cursor: cursorAt(range.from + index) }));
    return {
      pageInfo: {
        hasNextPage: range.to < rows.length,
        hasPreviousPage: range.from > 0,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
      edges,
      total_count: rows.length,
    };
  };
}
