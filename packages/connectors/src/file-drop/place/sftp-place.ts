import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import { posix } from "node:path";

import SftpClient from "ssh2-sftp-client";

import type { ConnectorError } from "../../contract/connector-error.ts";
import { failed, succeeded } from "../../contract/outcome.ts";
import type { SftpCredentials, SftpSettings } from "../settings.ts";
import type { FilePlace, OpenPlace } from "./file-place.ts";

/** Between signs of life, and how many may be missing until a server that fell silent is given up. */
const KEEPALIVE = { keepaliveInterval: 5_000, keepaliveCountMax: 3 };

/** A folder of an SFTP server: logged into once for each use. */
export function openSftp(server: SftpSettings, credentials: SftpCredentials, timeoutMs: number): OpenPlace {
  return async (use) => {
    // What goes wrong comes back from the call that it went wrong in.
    const quiet = () => undefined;
    const client = new SftpClient("onepool", { error: quiet, end: quiet, close: quiet });
    const login = await logIn(client, { server, credentials, timeoutMs });
    try {
      if (login !== null) return failed(login);
      return succeeded(await use(placeOf(client, server.path)));
    } catch (error) {
      if (!isClientError(error)) throw error;
      const message = `${server.host}:${server.port}: ${error.message}`;
      return failed({ kind: "transient", code: error.code, message });
    } finally {
      await closeQuietly(client);
    }
  };
}

interface Login {
  readonly server: SftpSettings;
  readonly credentials: SftpCredentials;
  readonly timeoutMs: number;
}

/** Null when we are in. */
async function logIn(
  client: SftpClient,
  { server, credentials, timeoutMs }: Login,
): Promise<ConnectorError | null> {
  const { password, privateKey, passphrase } = credentials;
  let isOtherHost = false;
  try {
    await client.connect({
      host: server.host,
      port: server.port,
      username: server.username,
      readyTimeout: timeoutMs,
      ...KEEPALIVE,
      ...(password === undefined ? {} : { password }),
      ...(privateKey === undefined ? {} : { privateKey }),
      ...(passphrase === undefined ? {} : { passphrase }),
      hostVerifier: (key: Buffer) => {
        isOtherHost = !isExpected(key, server.hostKeySha256);
        return !isOtherHost;
      },
    });
    return null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return loginError(error, server, isOtherHost);
  }
}

function isExpected(key: Buffer, expected: string | undefined): boolean {
  if (expected === undefined) return true;
  const shown = createHash("sha256").update(key).digest("base64").replace(/=+$/, "");
  return shown.length === expected.length && timingSafeEqual(Buffer.from(shown), Buffer.from(expected));
}

function placeOf(client: SftpClient, root: string): FilePlace {
  const at = (path: string): string => posix.join(root, path);
  const makeFolderOf = async (path: string): Promise<void> => {
    const folder = posix.dirname(at(path));
    if ((await client.exists(folder)) === false) await client.mkdir(folder, true);
  };
  const remove = async (path: string): Promise<boolean> => {
    if ((await client.exists(at(path))) === false) return false;
    await client.delete(at(path));
    return true;
  };
  return {
    async list() {
      const entries = await client.list(root);
      return entries
        .filter(({ type }) => type === "-")
        .map(({ name, size, modifyTime }) => ({ name, size, modifiedAt: modifyTime }));
    },
    async read(path) {
      // Without a destination it is a buffer.
      return (await client.get(at(path))) as Buffer;
    },
    has: async (path) => (await client.exists(at(path))) !== false,
    async write(path, text) {
      await makeFolderOf(path);
      const draft = posix.join(posix.dirname(at(path)), `.${randomUUID()}.tmp`);
      await client.put(Buffer.from(text, "utf8"), draft);
      // Renaming does not replace what is there, as SFTP's own rename has it.
      await remove(path);
      await client.rename(draft, at(path));
    },
    async move(from, to) {
      await makeFolderOf(to);
      await client.rename(at(from), at(to));
    },
    remove,
  };
}

function loginError(error: Error, { host, port }: SftpSettings, isOtherHost: boolean): ConnectorError {
  const server = `${host}:${port}`;
  if (isOtherHost) {
    const message = `${server} shows another host key than hostKeySha256 says: ask its operator before changing it.`;
    return { kind: "auth", code: "other_host_key", message };
  }
  if (/authentication methods failed|cannot parse privateKey/i.test(error.message)) {
    const message = `${server} does not let us in: check the user name, and the password or private key.`;
    return { kind: "auth", code: "refused_login", message };
  }
  return { kind: "transient", code: "no_login", message: `${server}: ${error.message}` };
}

/** The client's own bear a code; others are mistakes. */
function isClientError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

/** A connection that broke cannot be closed once more. */
async function closeQuietly(client: SftpClient): Promise<void> {
  try {
    await client.end();
  } catch (error) {
    if (!isClientError(error)) throw error;
  }
}
