import { standardError, type VendorAnswer } from "../vendor/vendor-answer.ts";
import type { Caller } from "../vendor/vendor-api.ts";
import { sellerOf, type World } from "../world.ts";
import { itemBody, selectFields, type View } from "./item-body.ts";
import type { Item } from "./item.ts";

const MOST_IDS = 20;

interface BulkQuery {
  ids?: string;
  attributes?: string;
  include_attributes?: string;
}

/** How `caller` sees an item. */
export function viewOf(
  world: World,
  item: Item,
  caller: Caller,
  includeAttributes: string | undefined,
): View {
  const { userId } = sellerOf(world, item.account);
  return {
    ownerId: userId,
    isOwner: caller.seller.account === item.account,
    allAttributes: includeAttributes === "all",
  };
}

/**
 * The fields asked for, with the quirks measured: without `status_code` in the list it is lost, a field without the
 * prefix `body.` silently yields no body.
 */
function selectEntry(
  entry: Record<string, unknown>,
  attributes: string | undefined,
): Record<string, unknown> {
  if (attributes === undefined) return entry;
  const names = attributes.split(",");
  const bodyFields = names.filter((name) => name.startsWith("body.")).map((name) => name.slice(5));
  const body = entry.body as Record<string, unknown> | undefined;
  const wantsBody = body !== undefined && bodyFields.length > 0;
  return {
    ...(names.includes("id") && entry.id !== undefined ? { id: entry.id } : {}),
    ...(names.includes("status_code") ? { status_code: entry.status_code } : {}),
    ...(wantsBody ? { body: selectFields(body, bodyFields) } : {}),
  };
}

/** `GET /items/bulk?ids=A,B`. */
export function answerBulk(world: World, query: BulkQuery, caller: Caller): VendorAnswer {
  const ids = (query.ids ?? "").split(",").filter((id) => id !== "");
  if (ids.length === 0) return standardError(400, "bad_request", "Missing required parameter: ids");
  if (ids.length > MOST_IDS) {
    return standardError(400, "bad_request", `Too many IDs. Maximum allowed: ${MOST_IDS}`);
  }
  // Measured: one repeated id fails the whole call. The text is ASSUMED.
  if (new Set(ids).size < ids.length)
    return standardError(400, "bad_request", "Duplicated IDs are not allowed");
  const entries = ids.map((id) => {
    const item = world.items.get(id);
    // Measured: neither id nor body for one that does not exist.
    if (item === undefined) return { status_code: 404 };
    return {
      id,
      status_code: 200,
      body: itemBody(item, viewOf(world, item, caller, query.include_attributes)),
    };
  });
  return { status: 200, body: entries.map((entry) => selectEntry(entry, query.attributes)) };
}
