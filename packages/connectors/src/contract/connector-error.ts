/**
 * The kinds of failure that callers act on, whatever the vendor calls them.
 * - `throttled`: too many calls; wait, then the same again.
 * - `auth`: the account is not connected any more; a person has to mend it.
 * - `rejected`: the channel understood and says no; the same again gets the same answer.
 * - `not_found`: the resource does not exist, or not yet.
 * - `conflict`: it changed since it was read, or is being changed; nothing was written: read again and decide again.
 * - `transient`: no answer, or one that says nothing about the resource; the same again may work.
 * - `bug`: the answer contradicts what we know of the channel; ours to mend.
 */
export type ConnectorErrorKind =
  | "throttled"
  | "auth"
  | "rejected"
  | "not_found"
  | "conflict"
  | "transient"
  | "bug";

export interface ConnectorError {
  readonly kind: ConnectorErrorKind;
  /** One sentence for people; never carries a token or a secret. */
  readonly message: string;
  /** The channel's own code, where it gave one. */
  readonly code?: string;
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  /** How long the channel asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Only this resource is meant: calls about others go on. */
  readonly isOnlyThis?: boolean;
  /** A write that failed this way may have taken effect all the same: read before believing anything. */
  readonly mayHaveApplied?: boolean;
}
