import { stockOf } from "./describe-stock.ts";
import type { World } from "./world.ts";

/** The account with an access token that is good now, its buildings and what they show. */
export type AccountCredentials = ReturnType<typeof describeAccount>;

export function describeAccount(world: World) {
  const { account, grants, catalogue, webhooks } = world;
  const { accessToken, expiresAt } = grants.issue();
  return {
    accountId: account.uuid,
    legacyId: account.legacyId,
    username: grants.username,
    password: grants.password,
    accessToken,
    accessTokenExpiresAt: new Date(expiresAt).toISOString(),
    refreshToken: grants.refreshToken,
    warehouses: catalogue.sites().map(({ facility, uuid, legacyId, identifier }) => ({
      facility,
      warehouseId: uuid,
      legacyId,
      identifier,
    })),
    /** The secrets of what was registered: a person would have kept them. */
    webhooks: webhooks.registry.all().map(({ name, url, secret }) => ({ name, url, secret })),
    items: stockOf(world),
  };
}
