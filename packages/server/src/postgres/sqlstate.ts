/** The SQLSTATEs this code decides by, named by what they mean to it. Source: PostgreSQL documentation, appendix A. */
export const SQLSTATE = {
  uniqueViolation: "23505",
  foreignKeyViolation: "23503",
  checkViolation: "23514",
  notNullViolation: "23502",
  serializationFailure: "40001",
  deadlockDetected: "40P01",
  lockNotAvailable: "55P03",
  queryCanceled: "57014",
  tableMissing: "42P01",
  tableExists: "42P07",
  typeOrSchemaExists: "42710",
  databaseMissing: "3D000",
  databaseExists: "42P04",
  databaseInUse: "55006",
  passwordWrong: "28P01",
  roleRefused: "28000",
  privilegeMissing: "42501",
  tooManyConnections: "53300",
  diskFull: "53100",
  serverShuttingDown: "57P01",
  serverCrashed: "57P02",
  serverStarting: "57P03",
} as const;

/** True when `error` is PostgreSQL's answer with one of these states. */
export function isSqlState(error: unknown, ...states: readonly string[]): boolean {
  const state = sqlStateOf(error);
  return state !== undefined && states.includes(state);
}

/** PostgreSQL's five-character state of an error, undefined when the error did not come from PostgreSQL. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = codeOf(error);
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && hasField(error, "severity") ? code : undefined;
}

/** Two processes made the same table, type or row at the same moment; the loser reads again and goes on. */
export function isSomeoneElseCreatedIt(error: unknown): boolean {
  return isSqlState(
    error,
    SQLSTATE.uniqueViolation,
    SQLSTATE.tableExists,
    SQLSTATE.typeOrSchemaExists,
    SQLSTATE.databaseExists,
  );
}

/**
 * The connection broke or the server went away: what was sent may or may not have been committed, so a writer must look
 * before it repeats.
 */
export function isConnectionLost(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined) return state.startsWith("08") || state.startsWith("57P");
  if (SOCKET_ERRORS.has(codeOf(error) ?? "")) return true;
  // pg reports a connection that ended under a query by message alone.
  return (
    error instanceof Error &&
    /^(Connection terminated|Client has encountered a connection error)/.test(error.message)
  );
}

const SOCKET_ERRORS = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOENT",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENOTFOUND",
]);

/** The `code` field of a system or database error. */
export function codeOf(error: unknown): string | undefined {
  if (!hasField(error, "code")) return undefined;
  const { code } = error as { code: unknown };
  return typeof code === "string" ? code : undefined;
}

function hasField(error: unknown, field: string): boolean {
  return typeof error === "object" && error !== null && field in error;
}
