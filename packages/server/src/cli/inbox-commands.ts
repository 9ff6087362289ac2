import type pg from "pg";

import { inboxId, readInboxId } from "../intake/inbox-id.ts";
import {
  INBOX_STATES,
  type InboxItem,
  type InboxKey,
  type InboxState,
  listInbox,
  readInboxItem,
  type Replay,
  replayInbox,
} from "../intake/inbox-list-store.ts";
import { findSeller } from "../start/default-seller.ts";
import { CommandRefused, EXIT, WrongWords, type Command } from "./command.ts";

const sellerOption = { value: "CODE", required: false, about: "of one seller only" };

/** Items read at a time: the list is printed to its end. */
const PAGE = 500;

/** `onepool inbox list` */
export const inboxList: Command = {
  name: "inbox list",
  about: "Lists notifications that were put aside, that wait, or that are nobody's, the oldest first.",
  positionals: [],
  options: {
    seller: sellerOption,
    state: {
      value: INBOX_STATES.join("|"),
      required: false,
      about: "`poisoned` (failed too often) if not given; `stray` are messages of queues that are nobody's",
    },
  },
  async run(context, { options }) {
    const state = stateOf(options.state ?? "poisoned");
    const pool = await context.migratedPool();
    const sellerId = await sellerIdOf(pool, options.seller);
    for (let after: InboxItem | null = null; ;) {
      const items: InboxItem[] = await listInbox(reading(pool), { sellerId, state, after, limit: PAGE });
      for (const item of items) context.print(lineOf(item));
      after = items.at(-1) ?? null;
      if (items.length < PAGE) return EXIT.ok;
    }
  },
};

function lineOf(item: InboxItem): string {
  const { sellerId, connection, topic, resource, attempts, receivedAt, reason } = item;
  const since = new Date(receivedAt).toISOString();
  const seller = sellerId === null ? "" : `seller ${sellerId}`;
  return [
    inboxId(item),
    seller,
    connection,
    topic,
    resource,
    `${attempts} attempts`,
    since,
    reason ?? "",
  ].join("\t");
}

/** `onepool inbox show` */
export const inboxShow: Command = {
  name: "inbox show",
  about: "Prints everything that is stored of one notification, as JSON.",
  positionals: ["ID"],
  options: {},
  async run(context, { positionals }) {
    const [id = ""] = positionals;
    const item = await readInboxItem(await context.migratedPool(), keyOf(id));
    if (item === null)
      throw new CommandRefused("There is no such notification: `inbox list` shows their ids.");
    context.print(JSON.stringify(item, null, 2));
    return EXIT.ok;
  },
};

/** `onepool inbox replay` */
export const inboxReplay: Command = {
  name: "inbox replay",
  about:
    "Has one notification, all `poisoned` ones, or everything since an instant processed again; harmless if repeated.",
  positionals: ["ID|poisoned|INSTANT"],
  options: { seller: sellerOption },
  async run(context, { positionals, options }) {
    const [what = ""] = positionals;
    const pool = await context.migratedPool();
    const replay = replayOf(what, await sellerIdOf(pool, options.seller));
    const count = await replayInbox(pool, replay, context.clock.now());
    context.print(`${count} ${count === 1 ? "notification" : "notifications"} will be processed again.`);
    if (replay.what === "one" && count === 0) throw new CommandRefused("There is no such notification.");
    return EXIT.ok;
  },
};

function replayOf(what: string, sellerId: number | null): Replay {
  if (what === "poisoned") return { what, sellerId };
  const since = /^\d{4}-\d{2}-\d{2}T/.test(what) ? Date.parse(what) : Number.NaN;
  if (!Number.isNaN(since)) return { what: "since", sellerId, since };
  return { what: "one", key: keyOf(what) };
}

function keyOf(id: string): InboxKey {
  const key = readInboxId(id);
  if (key === null)
    throw new WrongWords(`${JSON.stringify(id)} is no id of a notification: \`inbox list\` shows them.`);
  return key;
}

function stateOf(text: string): InboxState {
  const state = INBOX_STATES.find((known) => known === text);
  if (state === undefined)
    throw new WrongWords(`${JSON.stringify(text)} is no state: give ${INBOX_STATES.join(", ")}.`);
  return state;
}

async function sellerIdOf(pool: pg.Pool, code: string | undefined): Promise<number | null> {
  if (code === undefined) return null;
  const sellerId = await findSeller(pool, code);
  if (sellerId === null) throw new CommandRefused(`There is no seller ${code}: see \`seller list\`.`);
  return sellerId;
}

/** A page's statement on a pool of the command's own. */
function reading(pool: pg.Pool): Parameters<typeof listInbox>[0] {
  return {
    async rows<R extends object>({ text, values }: { text: string; values: unknown[] }) {
      const { rows } = await pool.query<R>(text, values);
      return rows;
    },
  };
}
