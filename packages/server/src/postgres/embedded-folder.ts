import path from "node:path";

/** The files an embedded PostgreSQL has in the data folder. */
export type EmbeddedFolder = {
  readonly dataFolder: string;
  /** PostgreSQL's own folder. As root it belongs to the unprivileged user. */
  readonly cluster: string;
  /** A cluster being made has this and something random as its path; it is renamed to `cluster` when it is whole. */
  readonly unfinishedPrefix: string;
  /** The password of the role `onepool`, mode 0600. */
  readonly password: string;
  readonly log: string;
};

/** Role, database and socket number of every embedded cluster. */
export const EMBEDDED_ROLE = "onepool";
/** The database the embedded cluster is made with. */
export const EMBEDDED_DATABASE = "onepool";
/** Part of the socket's file name; no network port is opened. */
export const EMBEDDED_SOCKET_NUMBER = 5432;

/** Names the files; makes none. */
export function embeddedFolder(dataFolder: string): EmbeddedFolder {
  const absolute = path.resolve(dataFolder);
  return {
    dataFolder: absolute,
    cluster: path.join(absolute, "postgres"),
    unfinishedPrefix: path.join(absolute, "postgres.new-"),
    password: path.join(absolute, "postgres.password"),
    log: path.join(absolute, "postgres.log"),
  };
}
