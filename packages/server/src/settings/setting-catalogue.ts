import { isIP } from "node:net";

import { parsed, refused, type Parsed, type Setting } from "./setting.ts";

/** The levels of pino, quietest last. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Shorter ones are found by trying. */
const API_KEY_LENGTH_MIN = 8;
const SECRET_KEY_LENGTH_MIN = 16;

const host: Setting<string> = {
  name: "ONEPOOL_HOST",
  without: "`127.0.0.1`: this machine only",
  about:
    "The address to listen on. `0.0.0.0` or `::` listens on every network of the machine. Requests are answered only if their Host header names an IP address, `localhost`, this host or the host of `ONEPOOL_PUBLIC_URL` (a page elsewhere could otherwise point its own name at this server).",
  example: "0.0.0.0",
  secret: false,
  fallback: "127.0.0.1",
  parse(text) {
    if (isIP(text) !== 0 || /^[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?$/i.test(text))
      return parsed(text.toLowerCase());
    return refused("give an address such as 127.0.0.1 or 0.0.0.0, or a host name, without port and scheme");
  },
};

const port: Setting<number> = {
  name: "ONEPOOL_PORT",
  without: "`4040`",
  about: "The port to listen on. `0` takes any free one; the printed URL says which.",
  example: "8080",
  secret: false,
  fallback: 4040,
  parse(text) {
    const value = Number(text);
    if (/^\d{1,5}$/.test(text) && value <= 65_535) return parsed(value);
    return refused("give a whole number from 0 to 65535");
  },
};

const data: Setting<string> = {
  name: "ONEPOOL_DATA",
  without: "`./data` in the folder of Onepool",
  about:
    "The data folder: the embedded PostgreSQL and the secret key live there. Made if it is missing. A relative path given in the environment is taken from where the command was typed, one in `.env` from the folder of that file. Two servers never share one, unless `DATABASE_URL` is set.",
  example: "/var/lib/onepool",
  secret: false,
  fallback: "data",
  parse(text) {
    if (!text.includes("\0")) return parsed(text);
    return refused("give the path of a folder");
  },
};

const databaseUrl: Setting<string | undefined> = {
  name: "DATABASE_URL",
  without: "an embedded PostgreSQL in the data folder",
  about:
    "A PostgreSQL of your own, version 15 or newer. Its user needs the right to create tables in that database.",
  example: "postgres://onepool:password@db.example:5432/onepool",
  secret: true,
  fallback: undefined,
  parse(text) {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url !== null && (url.protocol === "postgres:" || url.protocol === "postgresql:")) return parsed(text);
    return refused("give an address such as postgres://user:password@host:5432/database");
  },
};

const apiKey: Setting<string | undefined> = {
  name: "ONEPOOL_API_KEY",
  without: "no key; sign in by the printed link and make keys with `npm run onepool -- key add`",
  about:
    "An admin key of the seller `default`, for unattended use: it is there once the server is ready. A former value stays valid until it is revoked (`key list`, `key revoke`).",
  example: "opk_s0me-l0ng-rand0m-text",
  secret: true,
  fallback: undefined,
  parse(text) {
    if (text.length < API_KEY_LENGTH_MIN)
      return refused(`give at least ${API_KEY_LENGTH_MIN} characters that nobody can guess`);
    if (/^[A-Za-z0-9._~+/=-]{1,200}$/.test(text)) return parsed(text);
    return refused(
      "give at most 200 letters, digits or any of . _ ~ + / = - (what an Authorization header may carry)",
    );
  },
};

const secretKey: Setting<string | undefined> = {
  name: "ONEPOOL_SECRET_KEY",
  without: "made at the first start and kept in `secret-key` in the data folder (mode 0600)",
  about:
    "Encrypts the marketplace credentials in the database. Give the same one to every server on one database, and keep it with your backups: without it the credentials in them cannot be read.",
  example: "<the 64 digits that openssl rand -hex 32 prints>",
  secret: true,
  fallback: undefined,
  parse(text) {
    if (text.length >= SECRET_KEY_LENGTH_MIN) return parsed(text);
    return refused(
      `give at least ${SECRET_KEY_LENGTH_MIN} random characters, for example from: openssl rand -hex 32`,
    );
  },
};

const publicUrl: Setting<URL | undefined> = {
  name: "ONEPOOL_PUBLIC_URL",
  without: "the address listened on",
  about:
    "The address under which marketplaces and people reach this server, for example through a reverse proxy. Webhook URLs and the printed link begin with it, and its host is a Host header we answer to. With https the session cookie is sent over https only.",
  example: "https://onepool.example.com",
  secret: false,
  fallback: undefined,
  parse: parsePublicUrl,
};

function parsePublicUrl(text: string): Parsed<URL | undefined> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:"))
    return refused("give an address such as https://onepool.example.com");
  if (url.username !== "" || url.password !== "")
    return refused("leave user and password out of the address");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "")
    return refused("give scheme, host and port only: Onepool needs the root of that address");
  return parsed(url);
}

const oversellRisk: Setting<number> = {
  name: "ONEPOOL_OVERSELL_RISK",
  without: "`0.01`: once in a hundred times",
  about:
    "How likely a unit may be sold twice while news of a sale travels from one channel to the others, from 0.000001 to 1. Where what is left of a pool is less than what could sell elsewhere in that time, and for its last unit, each listing gets a quota of it, so that all together never offer more than there is. The smaller the risk, the earlier that begins; `1` never does it: every listing shows all that is left.",
  example: "0.001",
  secret: false,
  fallback: 0.01,
  parse(text) {
    const risk = Number(text);
    return risk >= 0.000001 && risk <= 1 ? parsed(risk) : refused("give a number from 0.000001 to 1");
  },
};

const logLevel: Setting<LogLevel> = {
  name: "ONEPOOL_LOG_LEVEL",
  without: "`info`",
  about: `How much is logged, as JSON lines on the standard error output: ${LOG_LEVELS.map((level) => `\`${level}\``).join(", ")}.`,
  example: "debug",
  secret: false,
  fallback: "info",
  parse(text) {
    const level = LOG_LEVELS.find((known) => known === text.toLowerCase());
    return level === undefined ? refused(`give one of ${LOG_LEVELS.join(", ")}`) : parsed(level);
  },
};

/** Every setting there is, in the order of the documentation. */
export const SETTINGS = {
  host,
  port,
  data,
  databaseUrl,
  apiKey,
  secretKey,
  publicUrl,
  oversellRisk,
  logLevel,
} as const;
