import { addKey, listKeys, revokeKey } from "../auth/api-key-store.ts";
import { makeLink } from "../auth/browser-session-store.ts";
import { ROLES, type Role } from "../auth/caller.ts";
import { API_KEY_PREFIX } from "../auth/token.ts";
import { DEFAULT_SELLER, ensureDefaultSeller, findSeller } from "../start/default-seller.ts";
import { CommandRefused, EXIT, WrongWords, type Command, type CommandContext } from "./command.ts";

const sellerOption = { value: "CODE", required: true, about: "whose; `default` exists from the first start" };
const roleOption = {
  value: ROLES.join("|"),
  required: true,
  about: "what it may do; each includes the one before",
};

/** `onepool key add` */
export const keyAdd: Command = {
  name: "key add",
  about: "Makes an API key and prints it, this one time.",
  positionals: [],
  options: {
    seller: sellerOption,
    role: roleOption,
    label: { value: "TEXT", required: false, about: "what it is for, to know it again in the list" },
  },
  async run(context, { options }) {
    const role = roleOf(options.role ?? "");
    const sellerId = await sellerIdOf(context, options.seller ?? "");
    const { key, keyId } = await addKey(await context.migratedPool(), {
      sellerId,
      role,
      label: options.label ?? "",
    });
    // The key alone on its line, so that a script can take it.
    context.print(key);
    context.note(`This is ${keyId}. The key is stored nowhere: keep it now.`);
    return EXIT.ok;
  },
};

/** `onepool key list` */
export const keyList: Command = {
  name: "key list",
  about: "Lists the API keys; the keys themselves cannot be shown again.",
  positionals: [],
  options: {},
  async run(context) {
    for (const key of await listKeys(await context.migratedPool())) {
      const state = key.revokedAt === null ? "valid" : `revoked ${key.revokedAt.toISOString()}`;
      context.print(
        [key.keyId, key.seller, key.role, key.createdAt.toISOString(), state, key.label].join("\t"),
      );
    }
    return EXIT.ok;
  },
};

/** `onepool key revoke` */
export const keyRevoke: Command = {
  name: "key revoke",
  about: "Ends an API key for good; servers refuse it within seconds.",
  positionals: ["KEY-ID"],
  options: {},
  async run(context, { positionals }) {
    const [keyId = ""] = positionals;
    // Not repeated in the answer: terminals keep what they show.
    if (keyId.startsWith(API_KEY_PREFIX))
      throw new WrongWords("That is a key; its id is what `key list` shows.");
    switch (await revokeKey(await context.migratedPool(), keyId)) {
      case "revoked":
        context.print(`Revoked ${keyId}.`);
        return EXIT.ok;
      case "already_revoked":
        context.print(`${keyId} was revoked before.`);
        return EXIT.ok;
      case "unknown":
        throw new CommandRefused(`There is no key ${keyId}: \`key list\` shows their ids.`);
    }
  },
};

/** `onepool link` */
export const link: Command = {
  name: "link",
  about: "Prints an address that signs one browser in, once, within a day.",
  positionals: [],
  options: {
    seller: { value: "CODE", required: false, about: "for whom; `default` if not given" },
    role: { value: ROLES.join("|"), required: false, about: "what the browser may do; `admin` if not given" },
  },
  async run(context, { options }) {
    const role = roleOf(options.role ?? "admin");
    const sellerId = await sellerIdOf(context, options.seller ?? DEFAULT_SELLER);
    const token = await makeLink(await context.migratedPool(), { sellerId, role, now: context.clock.now() });
    context.print(`${await context.serverUrl()}/?link=${token}`);
    return EXIT.ok;
  },
};

function roleOf(text: string): Role {
  const role = ROLES.find((known) => known === text);
  if (role === undefined)
    throw new WrongWords(`${JSON.stringify(text)} is no role: give ${ROLES.join(", ")}.`);
  return role;
}

async function sellerIdOf(context: CommandContext, code: string): Promise<number> {
  const pool = await context.migratedPool();
  const sellerId = await findSeller(pool, code);
  if (sellerId !== null) return sellerId;
  // It exists from the first start, and a key may be wanted before that.
  if (code === DEFAULT_SELLER)
    return ensureDefaultSeller(
      (await context.database()).openPool({ max: 1, pipeline: true }),
      context.clock,
    );
  throw new CommandRefused(`There is no seller ${code}: add it with \`seller add\`, or see \`seller list\`.`);
}
