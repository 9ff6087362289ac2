import type pg from "pg";

import { WrongSecretKey, type SecretBox } from "../auth/secret-box.ts";

/**
 * Whether stored credentials can be opened: one sentence if not, null if so or if there are none. Asked at the start,
 * where the mend is easy, and not at the first push of the day.
 */
export async function secretKeyProblem(pool: pg.Pool, box: SecretBox): Promise<string | null> {
  const { rows } = await pool.query<{ credentials: Buffer }>(
    "select credentials from connection where credentials is not null limit 1",
  );
  const [row] = rows;
  if (row === undefined) return null;
  try {
    box.open(row.credentials);
    return null;
  } catch (error) {
    if (!(error instanceof WrongSecretKey)) throw error;
    return "The credentials in this database were encrypted with another secret key: set ONEPOOL_SECRET_KEY to the one they were encrypted with, or copy the file secret-key of the data folder it was made in.";
  }
}
