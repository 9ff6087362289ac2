/** A place in a seller's live stream: everything up to this ledger entry and this observation was told. */
export interface Position {
  /** The last ledger entry. */
  readonly seq: number;
  /** The last observation. */
  readonly cursor: number;
}

/** As it stands in the stream's event ids: `<seq>.<cursor>`. */
export function positionText(position: Position): string {
  return `${position.seq}.${position.cursor}`;
}

/** Reads an event id; null for a text that is none. */
export function parsePosition(text: string): Position | null {
  const parts = /^(0|[1-9]\d{0,15})\.(0|[1-9]\d{0,15})$/.exec(text);
  if (parts === null) return null;
  const position = { seq: Number(parts[1]), cursor: Number(parts[2]) };
  return Number.isSafeInteger(position.seq) && Number.isSafeInteger(position.cursor) ? position : null;
}

/** Whether `position` lies behind what the tables hold in either log. */
export function isAhead(position: Position, heads: Position): boolean {
  return position.seq > heads.seq || position.cursor > heads.cursor;
}
