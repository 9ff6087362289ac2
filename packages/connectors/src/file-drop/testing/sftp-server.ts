// A real SFTP server over a real folder, for tests: as much of the protocol as a keeper's server speaks.
import { createHash, generateKeyPairSync, timingSafeEqual } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import ssh2, { type Connection, type SFTPWrapper } from "ssh2";

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;

export interface SftpServer {
  readonly port: number;
  /** As `ssh-keygen -l` shows it. */
  readonly hostKeySha256: string;
  /** Logins so far. */
  logins(): number;
  close(): Promise<void>;
}

/** `path` on the server is `folder`. */
export async function openSftpServer(
  folder: string,
  account: { readonly username: string; readonly password: string },
): Promise<SftpServer> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ type: "pkcs1", format: "pem" });
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  const clients = new Set<Connection>();
  let logins = 0;
  const server = new ssh2.Server({ hostKeys: [key] }, (client) => {
    clients.add(client);
    client.on("error", () => undefined);
    client.on("close", () => clients.delete(client));
    client.on("authentication", (context) => {
      const isRight =
        context.method === "password" &&
        isSame(context.username, account.username) &&
        isSame(context.password, account.password);
      if (!isRight) return context.reject(["password"]);
      logins += 1;
      context.accept();
    });
    client.on("session", (accept) => {
      accept().on("sftp", (acceptSftp) => serve(acceptSftp(), folder));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    hostKeySha256: `SHA256:${createHash("sha256").update(parsed.getPublicSSH()).digest("base64").replace(/=+$/, "")}`,
    logins: () => logins,
    close: () =>
      new Promise((resolve) => {
        for (const client of clients) client.end();
        server.close(() => resolve());
      }),
  };
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Everything about one session: what is open in it. */
function serve(sftp: SFTPWrapper, folder: string): void {
  const answers: Answers = {
    at: (path) => join(folder, join("/", path)),
    fail: (id) => (error) =>
      sftp.status(id, error.code === "ENOENT" ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.FAILURE),
    done: (id, work) => {
      work.then(() => sftp.status(id, STATUS_CODE.OK), answers.fail(id));
    },
  };
  serveFiles(sftp, answers);
  serveFolders(sftp, answers);
  serveNames(sftp, answers);
}

interface Answers {
  readonly at: (path: string) => string;
  readonly fail: (id: number) => (error: NodeJS.ErrnoException) => void;
  /** Answers with the end of the work. */
  readonly done: (id: number, work: Promise<unknown>) => void;
}

function handleOf(number: number): Buffer {
  const handle = Buffer.alloc(4);
  handle.writeUInt32BE(number);
  return handle;
}

function serveFiles(sftp: SFTPWrapper, { at, fail, done }: Answers): void {
  const files = new Map<number, FileHandle>();
  let last = 0;
  const openFile = async (id: number, path: string, flags: number): Promise<void> => {
    const file = await open(at(path), (flags & OPEN_MODE.WRITE) === 0 ? "r" : "w");
    files.set((last += 2), file);
    sftp.handle(id, handleOf(last));
  };
  const opened = (handle: Buffer): FileHandle => {
    const file = files.get(handle.readUInt32BE());
    if (file === undefined) throw new Error("this file is not open");
    return file;
  };
  const readPart = async (id: number, handle: Buffer, part: { offset: number; length: number }) => {
    const { buffer, bytesRead } = await opened(handle).read(
      Buffer.alloc(part.length),
      0,
      part.length,
      part.offset,
    );
    if (bytesRead === 0) sftp.status(id, STATUS_CODE.EOF);
    else sftp.data(id, buffer.subarray(0, bytesRead));
  };
  sftp.on("OPEN", (id, path, flags) => void openFile(id, path, flags).catch(fail(id)));
  sftp.on(
    "READ",
    (id, handle, offset, length) => void readPart(id, handle, { offset, length }).catch(fail(id)),
  );
  sftp.on("WRITE", (id, handle, offset, data) => {
    done(id, opened(handle).write(data, 0, data.length, offset));
  });
  sftp.on("CLOSE", (id, handle) => {
    const file = files.get(handle.readUInt32BE());
    files.delete(handle.readUInt32BE());
    // A listing has nothing to be closed.
    done(id, file?.close() ?? Promise.resolve());
  });
}

function serveFolders(sftp: SFTPWrapper, { at, fail, done }: Answers): void {
  /** Null once it was told. */
  const listings = new Map<number, string | null>();
  let last = 1;
  const list = async (id: number, handle: Buffer): Promise<void> => {
    const path = listings.get(handle.readUInt32BE()) ?? null;
    if (path === null) {
      sftp.status(id, STATUS_CODE.EOF);
      return;
    }
    listings.set(handle.readUInt32BE(), null);
    const found = (await readdir(path)).map(async (filename) => {
      const its = await stat(join(path, filename));
      const longname = `${its.isDirectory() ? "d" : "-"}rw-r--r-- 1 u g ${its.size} Nov 23 10:00 ${filename}`;
      return { filename, longname, attrs: attributes(its) };
    });
    sftp.name(id, await Promise.all(found));
  };
  sftp.on("OPENDIR", (id, path) => {
    listings.set((last += 2), at(path));
    sftp.handle(id, handleOf(last));
  });
  sftp.on("READDIR", (id, handle) => void list(id, handle).catch(fail(id)));
  sftp.on("MKDIR", (id, path) => done(id, mkdir(at(path))));
}

function serveNames(sftp: SFTPWrapper, { at, fail, done }: Answers): void {
  const tell = (id: number, path: string): void => {
    stat(at(path)).then((found) => sftp.attrs(id, attributes(found)), fail(id));
  };
  /** Fails where something of the new name is there, as version 3 of the protocol has it. */
  const renameTo = async (from: string, to: string): Promise<void> => {
    const isTaken = await stat(at(to)).then(
      () => true,
      () => false,
    );
    if (isTaken) throw new Error("there is one of that name");
    await rename(at(from), at(to));
  };
  sftp.on("STAT", tell);
  sftp.on("LSTAT", tell);
  sftp.on("FSETSTAT", (id) => sftp.status(id, STATUS_CODE.OK));
  sftp.on("SETSTAT", (id) => sftp.status(id, STATUS_CODE.OK));
  sftp.on("REALPATH", (id, path) =>
    sftp.name(id, [{ filename: join("/", path), longname: "", attrs: EMPTY }]),
  );
  sftp.on("REMOVE", (id, path) => done(id, rm(at(path))));
  sftp.on("RENAME", (id, from, to) => done(id, renameTo(from, to)));
}

const EMPTY = { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };

/** Times to the second, as the protocol has them. */
function attributes({ mode, size, mtimeMs }: { mode: number; size: number; mtimeMs: number }) {
  return { ...EMPTY, mode, size, atime: Math.floor(mtimeMs / 1_000), mtime: Math.floor(mtimeMs / 1_000) };
}
