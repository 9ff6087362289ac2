/** A refusal or failure of the API, as `application/problem+json` says it. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  /** Stable, from the server's catalogue; `unreachable` and `not_understood` are ours. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** The session ended or never was: only signing in helps. */
  get signedOut(): boolean {
    return this.status === 401;
  }

  /** Asking again may help: the server was away, busy or stopping. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}
