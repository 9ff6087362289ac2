import os from "node:os";

const MEGABYTE = 1024 * 1024;

/**
 * Settings of the embedded PostgreSQL, given on its command line at every start, so that they follow the program and not
 * the age of the data folder. Nothing acknowledged may be lost: the three durability switches stay on.
 */
export function clusterSettings(clusterName: string, owner: string): Record<string, string> {
  return {
    cluster_name: clusterName,
    // Names the server that runs it, for its guard.
    "onepool.owner": owner,
    // Only a socket inside the cluster folder: no port to be taken, nothing to reach from outside.
    listen_addresses: "",
    unix_socket_directories: ".",
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    // Pools of one server, its commands and a few hands at a prompt.
    max_connections: "100",
    shared_buffers: `${sharedBuffersMegabytes()}MB`,
    wal_buffers: "16MB",
    // Ready-made log segments: the commit path seldom has to make a new file.
    min_wal_size: "512MB",
    max_wal_size: "2GB",
    checkpoint_timeout: "15min",
    // No replica is ever attached.
    wal_level: "minimal",
    max_wal_senders: "0",
    max_replication_slots: "0",
    max_logical_replication_workers: "0",
    // Short statements by the thousand: compiling or spreading them costs more than it saves. Parallel workers would also need
    // shared memory that containers limit to 64 MB.
    jit: "off",
    max_parallel_workers_per_gather: "0",
    io_method: "sync",
    // Balances and heads are rewritten all day: clean up before tables have doubled.
    autovacuum_vacuum_scale_factor: "0.05",
    autovacuum_analyze_scale_factor: "0.02",
    random_page_cost: "1.1",
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
    // Errors go to who asked, who logs them; here they would repeat a seller's data, and fill the disk one by one.
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
  };
}

/** A sixteenth of the memory, between 32 and 128 MB: the operating system caches the files as well, and gives its memory back. */
function sharedBuffersMegabytes(): number {
  return Math.round(Math.min(128, Math.max(32, os.totalmem() / MEGABYTE / 16)));
}

/** The settings as arguments of `postgres`. */
export function settingArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
