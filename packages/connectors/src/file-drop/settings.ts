import { isAbsolute } from "node:path";

import { z } from "zod";

import type { KeeperAccess } from "../contract/keeper/keeper.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { fileProfile, timeZone } from "./profile.ts";

const sftp = z.strictObject({
  host: z.string().min(1),
  port: z.number().int().positive().max(65_535).default(22),
  username: z.string().min(1),
  /** Where the files lie, as the server sees it. */
  path: z.string().min(1).default("."),
  /** As `ssh-keygen -l` shows it. Without it, whoever answers at the address is believed. */
  hostKeySha256: z
    .string()
    .transform((told) => told.replace(/^SHA256:/, "").replace(/=+$/, ""))
    .pipe(z.string().regex(/^[\w+/]{43}$/u, "not the SHA-256 of a host key as ssh-keygen -l shows it"))
    .optional(),
});

const settingsSchema = z.object({
  /** On the machine that Onepool runs on, with a file `.onepool` in it. */
  folder: z.string().refine(isAbsolute, "not an absolute path").optional(),
  sftp: sftp.optional(),
  files: z.array(fileProfile).max(50).default([]),
  /** Whether files that were read go to `done/`. */
  moves: z.boolean().default(false),
  /** A file is taken when it has not changed for so long, in seconds. */
  settleSeconds: z.number().min(1).max(3_600).default(10),
  /** Of times that name no zone, where a file's own profile says nothing. */
  timeZone: timeZone.default("UTC"),
  locations: z.record(z.string(), z.string()).default({}),
  /** Whether the keeper tells what became of a cancellation; otherwise it is taken for done when it is written. */
  confirmsCancels: z.boolean().default(true),
  /** For one connection, in milliseconds. */
  timeoutMs: z.number().int().positive().max(60_000).default(15_000),
});

const credentialsSchema = z
  .object({
    password: z.string().min(1).optional(),
    /** PEM or OpenSSH. */
    privateKey: z.string().min(1).optional(),
    passphrase: z.string().min(1).optional(),
  })
  .prefault({});

/** A connection's settings, checked. */
export type FileDropSettings = z.output<typeof settingsSchema>;
export type SftpSettings = z.output<typeof sftp>;
export type SftpCredentials = z.output<typeof credentialsSchema>;

export function settingsOf(stored: unknown): Outcome<FileDropSettings> {
  const settings = settingsSchema.safeParse(stored ?? {});
  if (!settings.success) return failed(wrong("settings", settings.error));
  if (settings.data.folder !== undefined && settings.data.sftp !== undefined)
    return wrongSettings("they name both folder and sftp: leave one of them out.");
  return succeeded(settings.data);
}

/** What an SFTP server is shown: a password, a key, or both. */
export function credentialsOf({ credentials }: Pick<KeeperAccess, "credentials">): Outcome<SftpCredentials> {
  const read = credentialsSchema.safeParse(credentials ?? {});
  if (!read.success) return failed(wrong("credentials", read.error));
  const { password, privateKey } = read.data;
  if (password !== undefined || privateKey !== undefined) return succeeded(read.data);
  const message = "The connection's credentials lack password or privateKey.";
  return failed({ kind: "auth", code: "wrong_credentials", message });
}

function wrongSettings(why: string): Outcome<never> {
  const message = `The connection's settings are wrong: ${why}`;
  return failed({ kind: "auth", code: "wrong_settings", message });
}

function wrong(what: string, error: z.ZodError) {
  const issue = error.issues[0];
  const message = `The connection's ${what} are wrong at ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
  return { kind: "auth", code: `wrong_${what}`, message } as const;
}
