import type pg from "pg";
import { z } from "zod";

import {
  FACT_STATES,
  type FactItem,
  type FactKey,
  listFacts,
  replayFact,
  replayPoison,
} from "../intake/keeper/fact-list-store.ts";
import type { FactState } from "../intake/keeper/keeper-fact-store.ts";
import { findSeller } from "../start/default-seller.ts";
import { CommandRefused, EXIT, WrongWords, type Command } from "./command.ts";

const options = {
  seller: { value: "CODE", required: false, about: "of one seller only" },
  connection: { value: "CODE", required: false, about: "of one connection only" },
};

/** Facts read at a time: the list is printed to its end. */
const PAGE = 500;

/** `onepool keeper facts` */
export const keeperFacts: Command = {
  name: "keeper facts",
  about: "Lists what keepers told and what came of it, the newest first.",
  positionals: [],
  options: {
    ...options,
    state: {
      value: FACT_STATES.join("|"),
      required: false,
      about: "`poison` (failed too often, put aside) if not given",
    },
  },
  async run(context, { options: given }) {
    const state = stateOf(given.state ?? "poison");
    const pool = await context.migratedPool();
    const sellerId = await sellerIdOf(pool, given.seller);
    const connection = given.connection ?? null;
    for (let before: number | null = null; ;) {
      const items: FactItem[] = await listFacts(pool, { sellerId, connection, state, before, limit: PAGE });
      for (const item of items) context.print(lineOf(item));
      before = items.at(-1)?.arrival ?? null;
      if (items.length < PAGE) return EXIT.ok;
    }
  },
};

/** `onepool keeper replay` */
export const keeperReplay: Command = {
  name: "keeper replay",
  about: "Has one fact that was put aside or waits tried again, or all that were put aside.",
  positionals: ["ID|poison"],
  options,
  async run(context, { positionals, options: given }) {
    const [what = ""] = positionals;
    const pool = await context.migratedPool();
    const now = context.clock.now();
    if (what === "poison") {
      const sellerId = await sellerIdOf(pool, given.seller);
      const count = await replayPoison(pool, { sellerId, connection: given.connection ?? null }, now);
      context.print(`${count} ${count === 1 ? "fact" : "facts"} will be tried again.`);
      return EXIT.ok;
    }
    const state = await replayFact(pool, keyOf(what), now);
    if (state === null) throw new CommandRefused("There is no such fact: `keeper facts` shows their ids.");
    context.print(state === "done" || state === "nothing" ? "It is done." : "It will be tried again.");
    return EXIT.ok;
  },
};

function lineOf(item: FactItem): string {
  const { sellerId, connection, factId, kind, state, attempts, receivedAt, error } = item;
  const id = Buffer.from(JSON.stringify([sellerId, connection, factId])).toString("base64url");
  const received = new Date(receivedAt).toISOString();
  const told = [id, `seller ${sellerId}`, connection, kind, factId, state];
  return [...told, `${attempts} attempts`, received, error ?? ""].join("\t");
}

const keySchema = z.tuple([z.int().min(1), z.string(), z.string()]);

function keyOf(id: string): FactKey {
  const key = keySchema.safeParse(decoded(id));
  if (!key.success)
    throw new WrongWords(`${JSON.stringify(id)} is no id of a fact: \`keeper facts\` shows them.`);
  const [sellerId, connection, factId] = key.data;
  return { sellerId, connection, factId };
}

function decoded(id: string): unknown {
  try {
    return JSON.parse(Buffer.from(id, "base64url").toString("utf8")) as unknown;
  } catch {
    return null;
  }
}

function stateOf(text: string): FactState {
  const state = FACT_STATES.find((known) => known === text);
  if (state === undefined)
    throw new WrongWords(`${JSON.stringify(text)} is no state: give ${FACT_STATES.join(", ")}.`);
  return state;
}

async function sellerIdOf(pool: pg.Pool, code: string | undefined): Promise<number | null> {
  if (code === undefined) return null;
  const sellerId = await findSeller(pool, code);
  if (sellerId === null) throw new CommandRefused(`There is no seller ${code}: see \`seller list\`.`);
  return sellerId;
}
