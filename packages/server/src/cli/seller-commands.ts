import { isTimeZone } from "@onepool/connectors/contract/zone-offset.ts";

import { createSeller } from "../ledger/create-seller.ts";
import { CommandRefused, EXIT, WrongWords, type Command } from "./command.ts";

/** Codes as the API takes them: 1 to 200 characters, no control characters. */
const CODE = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/** `onepool seller add CODE` */
export const sellerAdd: Command = {
  name: "seller add",
  about: "Adds a seller: a business with pools of its own.",
  positionals: ["CODE"],
  options: {
    name: { value: "NAME", required: false, about: "what people call it; the code if not given" },
    "time-zone": { value: "ZONE", required: false, about: "such as America/Mexico_City; UTC if not given" },
  },
  async run(context, { positionals, options }) {
    const [code = ""] = positionals;
    if (!CODE.test(code))
      throw new WrongWords("A seller's code has 1 to 200 characters and no control characters.");
    const timeZone = options["time-zone"] ?? "UTC";
    if (!isTimeZone(timeZone))
      throw new WrongWords(`${timeZone} is no time zone: give one such as America/Mexico_City.`);
    await context.migratedPool();
    const pool = (await context.database()).openPool({ max: 1, pipeline: true });
    const { created } = await createSeller(
      pool,
      { code, name: options.name ?? code, timeZone },
      context.clock,
    );
    if (!created) throw new CommandRefused(`There is a seller ${code} already.`);
    context.print(
      `Added the seller ${code}. Make a key for it: npm run onepool -- key add --seller ${code} --role admin`,
    );
    return EXIT.ok;
  },
};

/** `onepool seller list` */
export const sellerList: Command = {
  name: "seller list",
  about: "Lists the sellers.",
  positionals: [],
  options: {},
  async run(context) {
    const pool = await context.migratedPool();
    const { rows } = await pool.query<{ code: string; name: string; created_at: Date }>(
      "select code, name, created_at from seller order by seller_id",
    );
    for (const row of rows) context.print([row.code, row.name, row.created_at.toISOString()].join("\t"));
    return EXIT.ok;
  },
};
