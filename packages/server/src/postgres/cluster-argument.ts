import type { PostgresAccount } from "./postgres-account.ts";

/**
 * How PostgreSQL is told its folder, which must be its working folder as well.
 *
 * As root the cluster may lie below a folder that the unprivileged user cannot enter (`/root/onepool/data`, or a `mktemp -d` of
 * root's): no path leads it there. But a working folder needs no path. The child enters it while it is still root (Node changes the
 * folder before the user), and from then on `/proc/self/cwd` is this folder for it and for every process it forks. So the data stays
 * in the data folder, durable, and no permission of anyone's home is touched. Elsewhere than on Linux the plain path has to do.
 */
export function clusterArgument(clusterFolder: string, account: PostgresAccount): string {
  return account !== null && process.platform === "linux" ? "/proc/self/cwd" : clusterFolder;
}
