/** Why a database cannot be used as things are. Stable: tests and the command line decide by it. */
export type DatabaseRefusalCode =
  | "folder_in_use"
  | "folder_newer"
  | "folder_older"
  | "folder_broken"
  | "folder_unreachable"
  | "disk_full"
  | "platform_unsupported"
  | "account_missing"
  | "start_failed"
  | "url_invalid"
  | "url_unreachable"
  | "version_too_old"
  | "encoding_wrong"
  | "schema_newer"
  | "schema_differs";

/**
 * Carries an expected refusal from wherever it is found up to the exported function, which returns it as a value
 * (see `refusalOf`). The message is one sentence for a person and names the mend.
 */
export class DatabaseRefused extends Error {
  readonly code: DatabaseRefusalCode;

  constructor(code: DatabaseRefusalCode, sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = "DatabaseRefused";
    this.code = code;
  }
}

/** What an exported function answers instead of a database. */
export type DatabaseRefusal = {
  readonly ok: false;
  readonly code: DatabaseRefusalCode;
  readonly sentence: string;
};

/** Turns a thrown refusal into the value that says it; anything else is a bug and is thrown on. */
export function refusalOf(error: unknown): DatabaseRefusal {
  if (error instanceof DatabaseRefused) return { ok: false, code: error.code, sentence: error.message };
  throw error;
}
