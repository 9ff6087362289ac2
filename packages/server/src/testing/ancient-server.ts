import net, { type AddressInfo } from "node:net";

/** A server that speaks just enough of PostgreSQL's protocol to say that it is an old one, which no package brings any more. */
export type AncientServer = { readonly url: string; stop(): Promise<void> };

/** Answers every query with one row of these texts. */
export async function startAncientServer(row: Readonly<Record<string, string>>): Promise<AncientServer> {
  const server = net.createServer((client) => {
    client.on("error", () => {});
    let signedIn = false;
    client.on("data", (bytes) => {
      if (!signedIn) {
        signedIn = true;
        // AuthenticationOk, ReadyForQuery.
        client.write(Buffer.concat([message("R", int32(0)), message("Z", Buffer.from("I"))]));
      } else if (bytes[0] === "Q".charCodeAt(0)) client.write(answer(row));
      else client.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgresql://someone:secret@127.0.0.1:${port}/old`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** RowDescription, DataRow, CommandComplete, ReadyForQuery. */
function answer(row: Readonly<Record<string, string>>): Buffer {
  const TEXT_OID = 25;
  const fields = Object.keys(row).map((name) =>
    Buffer.concat([text(name), int32(0), int16(0), int32(TEXT_OID), int16(-1), int32(-1), int16(0)]),
  );
  const values = Object.values(row).map((value) =>
    Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]),
  );
  return Buffer.concat([
    message("T", Buffer.concat([int16(fields.length), ...fields])),
    message("D", Buffer.concat([int16(values.length), ...values])),
    message("C", text("SELECT 1")),
    message("Z", Buffer.from("I")),
  ]);
}

function message(kind: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(kind), int32(body.length + 4), body]);
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
