import { z } from "zod";

/** A personal access token: good until it is taken back, so that there is nothing to exchange. */
export const credentialsSchema = z.object({ accessToken: z.string().min(1) });

/** What proves who asks (RFC 6750). */
export function authorizationOf(accessToken: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${accessToken}` };
}
