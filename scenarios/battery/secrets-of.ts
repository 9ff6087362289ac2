import { z } from "zod";

const grantSchema = z.object({ access_token: z.string(), refresh_token: z.string().optional() });

/** Everything that must never be read in an error: what was entered, and what the token endpoint ever gave. */
export function secretsOf(
  credentials: Readonly<Record<string, string>>,
  grants: readonly string[],
): string[] {
  const granted = grants.flatMap((text) => {
    const grant = grantSchema.parse(JSON.parse(text));
    return [grant.access_token, ...(grant.refresh_token === undefined ? [] : [grant.refresh_token])];
  });
  // A client's id is public: it stands in the address of the consent page.
  const entered = Object.entries(credentials).filter(([name]) => /secret|token|key/i.test(name));
  return [...entered.map(([, value]) => value), ...granted];
}
