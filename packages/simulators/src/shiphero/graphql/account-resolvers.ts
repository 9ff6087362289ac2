import { type Entity, uuidOf } from "../identifiers.ts";
import { siteNode } from "../inventory/site-node.ts";
import type { World } from "../world.ts";
import { answered, type FieldInfo, isAnalysis, type RequestContext } from "./request-context.ts";

function accountNode(world: World) {
  const { account, catalogue } = world;
  return {
    id: account.uuid,
    legacy_id: account.legacyId,
    email: account.email,
    username: account.email,
    status: "active",
    dynamic_slotting: true,
    is_3pl: false,
    warehouses: catalogue.sites().map((site) => siteNode(world, site)),
  };
}

/** Queries on who one is. */
export const accountResolvers = {
  me(_: object, context: RequestContext, info: FieldInfo) {
    if (isAnalysis(context, info)) return answered(context, info, { data: null });
    const { world } = context;
    const { userUuid, userLegacyId, email } = world.account;
    const person = { first_name: "Public", last_name: "API", email };
    const data = { id: userUuid, legacy_id: userLegacyId, ...person, account: accountNode(world) };
    return answered(context, info, { data });
  },

  account(_: object, context: RequestContext, info: FieldInfo) {
    return answered(context, info, { data: isAnalysis(context, info) ? null : accountNode(context.world) });
  },

  user_quota(_: object, { world }: RequestContext) {
    const { max, restorePerSecond } = world.settings.credits;
    return {
      credits_remaining: world.credits.available(),
      max_available: max,
      increment_rate: Math.round(restorePerSecond),
      is_expired: false,
      expiration_date: null,
      time_remaining: "",
    };
  },

  uuid(
    { legacy_id: legacyId, entity }: { legacy_id: number; entity: Entity },
    context: RequestContext,
    info: FieldInfo,
  ) {
    return answered(context, info, { data: { legacy_id: legacyId, id: uuidOf(entity, legacyId) } });
  },
};
