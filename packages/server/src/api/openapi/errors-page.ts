import { ERROR_GROUPS } from "../error-catalogue.ts";

/** The text of docs/errors.md; a test keeps the file equal to it. */
export function errorsPage(): string {
  const groups = Object.entries(ERROR_GROUPS).flatMap(([name, errors]) => [
    `## ${name}`,
    "",
    "| code | status | meaning | mend |",
    "| --- | --- | --- | --- |",
    ...Object.entries(errors).map(
      ([code, { status, title, mend }]) => `| \`${code}\` | ${status} | ${title} | ${mend} |`,
    ),
    "",
  ]);
  return [
    "# Errors of the HTTP API",
    "",
    "Every refusal is `application/problem+json` (RFC 9457): `type`, `title`, `status`, `code`, `field`, `message`, and for some codes the figures behind it. Decide by `code`: codes and their status do not change. `field` names what to mend: a path in the body (`lines.0.sku`; in a batch, a path in the item), a parameter, a header, or `body` for all of it. Items of a batch carry `code`, `field` and `message` in their own answer.",
    "",
    ...groups,
  ].join("\n");
}
