import { DatabaseRefused } from "./database-refused.ts";
import type { EmbeddedFolder } from "./embedded-folder.ts";

type Explanation = {
  readonly pattern: RegExp;
  readonly explain: (folder: EmbeddedFolder) => DatabaseRefused;
};

/** What PostgreSQL says when it cannot go on, and what that means to who runs Onepool. First match wins. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    pattern: /No space left on device|Disk quota exceeded|File too large/,
    explain: (folder) => diskFull(folder.dataFolder),
  },
  {
    pattern: /pre-existing shared memory block|lock file ".*" already exists/,
    explain: (folder) =>
      new DatabaseRefused(
        "folder_in_use",
        `Another PostgreSQL still works in ${folder.cluster}: stop it first, or set ONEPOOL_DATA to another folder.`,
      ),
  },
  {
    pattern:
      /could not locate a valid checkpoint record|invalid primary checkpoint record|could not open file ".*global\/pg_control"|incorrect checksum in control file/,
    explain: (folder) =>
      new DatabaseRefused(
        "folder_broken",
        `The database in ${folder.cluster} is damaged: move it away and run "onepool restore FILE" with your last backup (details in ${folder.log}).`,
      ),
  },
  {
    pattern:
      /wrong ownership|invalid permissions|Permission denied|Operation not permitted|Read-only file system|EACCES|EPERM/,
    explain: (folder) =>
      new DatabaseRefused(
        "folder_unreachable",
        `PostgreSQL may not use ${folder.cluster}: start Onepool as the user who made it, or set ONEPOOL_DATA to another folder (details in ${folder.log}).`,
      ),
  },
  {
    pattern:
      /could not map anonymous shared memory|could not create shared memory segment|Cannot allocate memory/,
    explain: (folder) =>
      new DatabaseRefused(
        "start_failed",
        `There is not enough free memory to start PostgreSQL: free some and start again (details in ${folder.log}).`,
      ),
  },
];

/** Turns what PostgreSQL printed before it gave up into one sentence. */
export function explainFailure(output: string, folder: EmbeddedFolder): DatabaseRefused {
  const known = EXPLANATIONS.find(({ pattern }) => pattern.test(output));
  if (known !== undefined) return known.explain(folder);
  return new DatabaseRefused(
    "start_failed",
    `PostgreSQL did not start: ${lastComplaint(output).replaceAll("/proc/self/cwd", folder.cluster)} (details in ${folder.log}).`,
  );
}

/** The one sentence for a full disk, wherever it is met. */
export function diskFull(dataFolder: string): DatabaseRefused {
  return new DatabaseRefused(
    "disk_full",
    `The disk that holds ${dataFolder} is full: free some space and start again; nothing that was acknowledged is lost.`,
  );
}

function lastComplaint(output: string): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const complaint = lines.findLast((line) => /FATAL|PANIC|ERROR|error:/.test(line)) ?? lines.at(-1);
  return complaint?.replace(/^.*?(?:FATAL|PANIC|ERROR|error):\s*/, "").trim() ?? "it said nothing";
}
