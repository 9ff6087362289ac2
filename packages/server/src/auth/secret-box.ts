import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";

/** Encrypts what must not lie readable in the database or a backup. */
export interface SecretBox {
  seal(text: string): Buffer;
  /** Throws `WrongSecretKey` for what another key sealed, and for what was changed since. */
  open(sealed: Uint8Array): string;
}

/** Credentials were encrypted with another ONEPOOL_SECRET_KEY, or damaged. */
export class WrongSecretKey extends Error {
  constructor(cause?: unknown) {
    super(
      "The stored credentials cannot be decrypted with this ONEPOOL_SECRET_KEY: start with the one they were encrypted with, or enter the credentials again.",
      { cause },
    );
    this.name = "WrongSecretKey";
  }
}

/** Written before every sealed text, so that the format can change. */
const VERSION = 1;
const ALGORITHM = "aes-256-gcm";
/** Bytes: what GCM is specified for. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Constant: the key itself is random, the derivation only slows down trying of weak ones given by hand. */
const SALT = "onepool credentials v1";

/** A box that this secret key opens: AES-256-GCM, version byte, nonce, tag, ciphertext. */
export function sealed(secretKey: string): SecretBox {
  const key = scryptSync(secretKey, SALT, 32);
  return {
    seal(text) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce);
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
    },
    open(bytes) {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const bodyAt = 1 + NONCE_BYTES + TAG_BYTES;
      if (buffer[0] !== VERSION || buffer.length < bodyAt) throw new WrongSecretKey();
      const decipher = createDecipheriv(ALGORITHM, key, buffer.subarray(1, 1 + NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(buffer.subarray(1 + NONCE_BYTES, bodyAt));
      try {
        return Buffer.concat([decipher.update(buffer.subarray(bodyAt)), decipher.final()]).toString("utf8");
      } catch (error) {
        throw new WrongSecretKey(error);
      }
    },
  };
}
