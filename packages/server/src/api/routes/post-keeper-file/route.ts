import { z } from "zod";

import { inTransaction } from "../../../connections/in-transaction.ts";
import { storeFacts } from "../../../intake/keeper/keeper-fact-store.ts";
import { defineFileRoute } from "../../route/file-route.ts";
import { findKeeper } from "../../route/find-keeper.ts";
import { answer, refusal } from "../../route/route.ts";
import { code, instant, lineOfText } from "../../schema/fields.ts";

/** What the largest stock lists have, many times over; read in memory. */
const FILE_BYTES_MAX = 50 * 1024 * 1024;

const counted = z.int();

export const postKeeperFile = defineFileRoute({
  method: "POST",
  path: "/v1/keepers/{connection}/files",
  access: "operate",
  tag: "Stock",
  summary: "Take in a file of a keeper's",
  description:
    "The body is the file as it is, for connections of a kind that takes files. It is read as the connection's settings say, wholly or not at all: what cannot be read is named by line in the message of file_refused. The same file again changes nothing.",
  answer: {
    status: 200,
    description: "What was read in it. Stored, and worked on at once.",
    schema: z.strictObject({
      name: z.string(),
      facts: counted.meta({ description: "Facts that it tells." }),
      lines: counted.meta({ description: "Levels that its snapshots tell, and lines of its documents." }),
      stored: counted.meta({ description: "Facts that were not known before." }),
      repeated: counted,
      conflicting: counted.meta({
        description: "Facts whose id was told with other content before: the first one stands.",
      }),
    }),
  },
  problems: ["unknown_connection", "file_refused"],
  params: z.strictObject({ connection: code }),
  query: z.strictObject({
    name: lineOfText.meta({ description: "The file's name: what it holds may be known by it." }),
    modifiedAt: instant.exactOptional().meta({ description: "When it was last written; now if absent." }),
  }),
  fileBytesMax: FILE_BYTES_MAX,
  async handle(deps, { caller, params, query, bytes }) {
    const { sellerId } = caller;
    const found = await findKeeper(deps, sellerId, params.connection);
    if (!found.ok) return refusal(found.problem);
    const { kind, connection } = found;
    const receivedAt = deps.clock.now();
    const { name, modifiedAt = receivedAt } = query;
    const read = kind.readFile?.({ name, bytes, modifiedAt, receivedAt }, connection.settings);
    if (read === undefined) {
      const message = `${params.connection} is a connection to ${kind.capability.title}, which leaves no files.`;
      return refusal({ code: "invalid_field", field: "connection", message });
    }
    if (!read.ok) return refusal({ code: "file_refused", field: "body", message: read.error.message });
    const origin = { sellerId, code: params.connection, way: "file", deliveryId: name, receivedAt } as const;
    const stored = await inTransaction(deps.pool, (client) => storeFacts(client, origin, read.value));
    if (stored.includes("new")) deps.keepers?.onStored();
    const count = (how: string): number => stored.filter((one) => one === how).length;
    return answer(200, {
      name,
      facts: read.value.length,
      lines: read.value.reduce((sum, fact) => sum + ("lines" in fact ? fact.lines.length : 1), 0),
      stored: count("new"),
      repeated: count("same"),
      conflicting: count("conflict"),
    });
  },
});
