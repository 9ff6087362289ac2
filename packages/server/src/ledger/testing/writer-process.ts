// A process of its own that writes orders to one seller's ledger: started by tests with the database's URL, the seller and
// the number of orders, half of which another process sends as well.
import { openDatabase } from "../../postgres/open-database.ts";
import { openLedger } from "../ledger.ts";
import { KeptLog } from "./test-ledger.ts";

const [url = "", seller = "", name = "", count = "0"] = process.argv.slice(2);

const opened = await openDatabase({ dataFolder: "", databaseUrl: url });
if (!opened.ok) throw new Error(opened.sentence);
const { database } = opened;
const pool = database.openPool({ max: 2, pipeline: true, applicationName: name });
const ledger = openLedger({ pool, clock: Date, log: new KeptLog(), endsDueHolds: false });

let next = 0;
const seqs: Record<string, number> = {};
const caller = async (): Promise<void> => {
  for (let order = next++; order < Number(count); order = next++) {
    const orderId = order % 2 === 0 ? `shared-${order}` : `${name}-${order}`;
    const answer = await ledger.submit({
      sellerId: Number(seller),
      commands: [
        {
          kind: "order",
          source: "api",
          order: {
            channel: "web",
            orderId,
            status: "paid",
            updatedAt: 1_700_000_000_000,
            lines: [{ lineId: "1", sku: `SKU-${order % 7}`, quantity: 1 }],
          },
        },
      ],
    });
    const [result] = answer.kind === "done" ? answer.results : [];
    if (result?.ok !== true) throw new Error(`the ledger answered ${JSON.stringify(answer)}`);
    seqs[orderId] = result.seq;
  }
};
await Promise.all(Array.from({ length: 16 }, caller));
await ledger.close();
await database.close();
process.stdout.write(JSON.stringify(seqs));
