import { DatabaseRefused, type DatabaseRefusal, refusalOf } from "./database-refused.ts";
import { diskFull } from "./explain-failure.ts";
import { codeOf } from "./sqlstate.ts";

/** Like `refusalOf`, for work in the data folder: what the file system refuses is expected too. */
export function systemRefusalOf(error: unknown, dataFolder: string): DatabaseRefusal {
  switch (codeOf(error)) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return refusalOf(diskFull(dataFolder));
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTDIR":
    case "EEXIST":
      return refusalOf(
        new DatabaseRefused(
          "folder_unreachable",
          `The data folder ${dataFolder} cannot be used (${(error as Error).message}): start Onepool as the user who owns it, or set ONEPOOL_DATA to another folder.`,
          error,
        ),
      );
    default:
      return refusalOf(error);
  }
}
