/** What the database code writes its log lines to; a pino logger is one. */
export type DatabaseLog = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** For callers that have no log, such as a short command. */
export const SILENT_LOG: DatabaseLog = { info() {}, warn() {}, error() {} };
