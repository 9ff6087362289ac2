import { failed, type Outcome, succeeded } from "@onepool/connectors/contract/outcome.ts";

import { type SecretBox, WrongSecretKey } from "../auth/secret-box.ts";

/** A connection's credentials, opened; null when none were entered. Sealed with another key is an error of kind `auth`. */
export function openCredentials(sealed: Buffer | null, secretBox: SecretBox): Outcome<unknown> {
  if (sealed === null) return succeeded(null);
  try {
    return succeeded(JSON.parse(secretBox.open(sealed)));
  } catch (error) {
    if (!(error instanceof WrongSecretKey)) throw error;
    return failed({ kind: "auth", code: "wrong_secret_key", message: error.message });
  }
}
