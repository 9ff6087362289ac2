/** Why a backup was not written or restored. Stable. */
export type BackupRefusalCode =
  | "nothing_to_back_up"
  | "file_exists"
  | "file_unreachable"
  | "disk_full"
  | "not_a_backup"
  | "backup_damaged"
  | "backup_newer"
  | "schema_differs"
  | "database_not_empty"
  | "database_busy"
  | "ledger_differs";

/** Carries an expected refusal up to the exported function, which returns it as a value. The message names the mend. */
export class BackupRefused extends Error {
  readonly code: BackupRefusalCode;

  constructor(code: BackupRefusalCode, sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = "BackupRefused";
    this.code = code;
  }
}

/** What an exported function answers instead of its result. */
export type BackupRefusal = {
  readonly ok: false;
  readonly code: BackupRefusalCode;
  readonly sentence: string;
};

/** Turns what was thrown while working on `file` into the refusal it means; a bug is thrown on. */
export function backupRefusalOf(error: unknown, file: string): BackupRefusal {
  if (error instanceof BackupRefused) return { ok: false, code: error.code, sentence: error.message };
  const sentence = systemSentence(error, file);
  if (sentence !== null) return { ok: false, ...sentence };
  throw error;
}

const NO_ROOM = new Set<unknown>(["ENOSPC", "EDQUOT", "EFBIG"]);
const NOT_ALLOWED = new Set<unknown>(["EACCES", "EPERM", "EROFS", "EISDIR", "ENOTDIR"]);

function systemSentence(error: unknown, file: string): { code: BackupRefusalCode; sentence: string } | null {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (NO_ROOM.has(code)) {
    return {
      code: "disk_full",
      sentence: `There is no room for ${file}: free some space, or name a file on another disk.`,
    };
  }
  if (code === "ENOENT") {
    return {
      code: "file_unreachable",
      sentence: `${file} does not exist, or its folder does not: check the name.`,
    };
  }
  if (NOT_ALLOWED.has(code)) {
    return {
      code: "file_unreachable",
      sentence: `${file} cannot be used (${String(code)}): name another file, or check who owns it.`,
    };
  }
  return null;
}
