import { z } from "zod";

import { readConnection, type StoredConnection } from "../../../ledger/read/connection-store.ts";
import type { ApiDeps } from "../../api-deps.ts";
import type { Problem } from "../../problem.ts";
import { RECORDED } from "../../route/batch-route.ts";
import { NOTHING } from "../../route/nothing.ts";
import { defineRoute, refusal } from "../../route/route.ts";
import { recorded, type StoredAnswer, submitOne } from "../../route/submit.ts";
import { code } from "../../schema/fields.ts";
import {
  claimAccount,
  releaseAccount,
  releaseOtherAccounts,
  type ChannelAccount,
} from "./channel-account-store.ts";
import { connectionCommand, OWN_CHANNEL } from "./connection-command.ts";
import { goingLive, type Warning } from "./going-live.ts";
import { keeperSettingsProblem } from "./keeper-settings-check.ts";
import { connectionBody, warnings } from "./schema.ts";

type Body = z.output<typeof connectionBody>;

export const putConnection = defineRoute({
  method: "PUT",
  path: "/v1/connections/{code}",
  access: "admin",
  tag: "The map",
  summary: "Connect an account at a channel or a keeper, or change the connection",
  description:
    "Merges; a null removes a setting. GET shows the address for the channel's notifications, `hookUrl`. A connection that goes live is never refused because of what would change: it is recorded what was seen of the difference (`wentLive`), and what was not seen is a warning.",
  example: {
    kind: "mercadolibre",
    baseUrl: "https://api.mercadolibre.com",
    tokenUrl: "https://api.mercadolibre.com/oauth/token",
    accountId: "123456789",
    credentials: { clientId: "1234", clientSecret: "…", refreshToken: "…" },
    mode: "import",
    since: "2026-11-23T00:00:00Z",
  },
  answer: { status: 200, description: "Recorded.", schema: RECORDED.extend({ warnings }) },
  problems: ["account_taken", "unknown_location", "unknown_connection"],
  params: z.strictObject({ code }),
  query: NOTHING,
  body: connectionBody,
  async handle(deps, call) {
    const { sellerId } = call.caller;
    const connection = call.params.code;
    const stored = await readConnection(deps.reader, sellerId, connection);
    const wrong =
      unknownKind(deps, call.body.kind) ??
      (await keeperSettingsProblem(deps, { sellerId, connection }, call.body, stored));
    if (wrong !== null) return refusal(wrong);
    const live = await goingLive(deps, { ...call.body, sellerId, connection }, stored);
    if (!live.ok) return refusal(live.problem);
    const account = accountOf({ sellerId, connection }, call.body, stored);
    const claim = account === null ? "none" : await claimAccount(deps.pool, account);
    if (account !== null && claim === "taken") return refusal(takenAccount(account));
    const { secretBox } = deps;
    const command = connectionCommand(connection, call.body, stored, { secretBox, wentLive: live.wentLive });
    const answer = await submitOne(deps, call, command, (seq, said) =>
      warned(recorded(seq, said), live.warnings),
    );
    await settleAccount(
      deps,
      { sellerId, connection },
      {
        account,
        isNew: claim === "claimed",
        isSaid: call.body.accountId !== undefined,
        isRecorded: answer.ok && answer.status < 300,
      },
    );
    return answer;
  },
});

/** Gives up the accounts that the connection has no more, or the one that it did not come to have. */
async function settleAccount(
  { pool }: ApiDeps,
  key: Pick<ChannelAccount, "sellerId" | "connection">,
  claim: {
    readonly account: ChannelAccount | null;
    readonly isNew: boolean;
    readonly isSaid: boolean;
    readonly isRecorded: boolean;
  },
): Promise<void> {
  const { account, isNew, isSaid, isRecorded } = claim;
  if (isRecorded && isSaid) await releaseOtherAccounts(pool, key, account);
  if (!isRecorded && account !== null && isNew) await releaseAccount(pool, account);
}

/** The answer with what the seller should know, where there is something. */
function warned({ status, answer }: StoredAnswer, warnings: readonly Warning[]): StoredAnswer {
  if (warnings.length === 0) return { status, answer };
  return { status, answer: { ...answer, warnings: warnings.map((warning) => ({ ...warning })) } };
}

/** The account that notifications will name, as it will be stored; null: none is known yet. */
function accountOf(
  key: Pick<ChannelAccount, "sellerId" | "connection">,
  { kind, accountId }: Body,
  stored: StoredConnection | null,
): ChannelAccount | null {
  const known = stored?.settings["accountId"];
  const id = accountId === undefined && typeof known === "string" ? known : accountId;
  const ofKind = kind ?? stored?.kind;
  return id === undefined || id === null || ofKind === undefined
    ? null
    : { ...key, kind: ofKind, accountId: id };
}

function unknownKind(deps: ApiDeps, kind: string | undefined): Problem | null {
  const kinds = [...deps.kinds.keys(), ...(deps.keepers?.kinds.keys() ?? []), OWN_CHANNEL];
  if (kind === undefined || kinds.includes(kind)) return null;
  const known = kinds.join(", ");
  return { code: "invalid_field", field: "kind", message: `kind must be one of ${known}.` };
}

function takenAccount({ kind, accountId }: ChannelAccount): Problem {
  const message = `The ${kind} account ${accountId} belongs to another connection.`;
  return { code: "account_taken", field: "accountId", message };
}
