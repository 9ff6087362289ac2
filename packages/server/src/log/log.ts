import { pino, type DestinationStream, type Logger } from "pino";

import type { LogLevel } from "../settings/setting-catalogue.ts";
import { redactFields, redactText } from "./redact.ts";

/**
 * A line is a constant message and fields (`stage`, `seller`, `sku`, `listing`, `order` …), so that lines can be counted
 * and a number on a screen be traced to what made it.
 */
export type Log = Logger;

export interface LogOptions {
  readonly level: LogLevel;
  /** Exact texts that must never be written, for example the secret key. */
  readonly secrets?: readonly (string | undefined)[];
  /** Standard error by default: the standard output belongs to the one line with the URL. */
  readonly destination?: DestinationStream;
}

/** Shorter ones would blank out innocent words. */
const KNOWN_SECRET_LENGTH_MIN = 6;

/** The log of the process: JSON lines, secrets replaced by field name, by shape and by exact text. */
export function createLog(options: LogOptions): Log {
  const secrets = new Set<string>();
  for (const secret of options.secrets ?? []) {
    if (secret === undefined || secret.length < KNOWN_SECRET_LENGTH_MIN) continue;
    // As it is, and as it stands inside JSON and URLs.
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
      secrets.add(form);
  }
  // Synchronous: the last lines before a crash are the ones that matter, and there are few of them.
  const destination = options.destination ?? pino.destination({ fd: 2, sync: true });
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: redactFields, bindings: redactFields },
      // Errors are plain objects by then (redactFields).
      serializers: { err: (error: unknown) => error, error: (error: unknown) => error },
    },
    { write: (line) => destination.write(redactText(line, secrets)) },
  );
}
