import { connect } from "../graphql/connection.ts";
import { answered, type FieldInfo, isAnalysis, type RequestContext } from "../graphql/request-context.ts";
import type { VendorRefusal } from "../graphql/vendor-refusal.ts";
import { uuidOf } from "../identifiers.ts";
import { refusalOfCustomer } from "../own-account.ts";
import { vendorTime } from "../vendor-time.ts";
import type { World } from "../world.ts";
import type { Registration } from "./registry.ts";

function webhookNode({ account }: World, registration: Registration) {
  return {
    id: uuidOf("Webhook", registration.legacyId),
    legacy_id: registration.legacyId,
    account_id: account.uuid,
    shop_name: registration.shopName,
    name: registration.name,
    url: registration.url,
    source: "api",
    enabled: registration.enabled,
    health: registration.health,
    created_at: vendorTime(registration.createdAt),
    updated_at: vendorTime(registration.updatedAt),
    last_enabled_change: vendorTime(registration.lastEnabledChange),
    shared_signature_secret: null,
  };
}

interface CreateInput {
  name: string;
  url: string;
  enabled?: boolean | null;
  shop_name?: string | null;
  customer_account_id?: string | null;
}

function withWebhook(context: RequestContext, info: FieldInfo, found: Registration | VendorRefusal) {
  if (found instanceof Error) return found;
  return answered(context, info, { webhook: webhookNode(context.world, found) });
}

/** Queries and mutations on webhooks. */
export const webhookResolvers = {
  webhooks(args: { customer_account_id?: string | null }, context: RequestContext, info: FieldInfo) {
    const { world } = context;
    if (isAnalysis(context, info)) return answered(context, info, { data: null });
    const refusal = refusalOfCustomer(world, args.customer_account_id);
    if (refusal !== undefined) return refusal;
    const data = connect(world.webhooks.registry.all(), (registration) => webhookNode(world, registration));
    return answered(context, info, { data });
  },

  webhook_create({ data }: { data: CreateInput }, context: RequestContext, info: FieldInfo) {
    const { world } = context;
    const refusal = refusalOfCustomer(world, data.customer_account_id);
    if (refusal !== undefined) return refusal;
    const { name, url, enabled, shop_name: shopName } = data;
    const made = world.webhooks.registry.create({
      name,
      url,
      enabled: enabled ?? true,
      shopName: shopName ?? undefined,
    });
    if (made instanceof Error) return made;
    const webhook = { ...webhookNode(world, made), shared_signature_secret: made.secret };
    return answered(context, info, { webhook });
  },

  webhook_delete({ data }: { data: CreateInput }, context: RequestContext, info: FieldInfo) {
    const refusal = refusalOfCustomer(context.world, data.customer_account_id);
    if (refusal !== undefined) return refusal;
    const removed = context.world.webhooks.registry.remove(data.name, data.shop_name ?? undefined);
    return removed instanceof Error ? removed : answered(context, info, {});
  },

  webhook_enable({ data }: { data: { webhook_id: string } }, context: RequestContext, info: FieldInfo) {
    return withWebhook(context, info, context.world.webhooks.registry.setEnabled(data.webhook_id, true));
  },

  webhook_disable({ data }: { data: { webhook_id: string } }, context: RequestContext, info: FieldInfo) {
    return withWebhook(context, info, context.world.webhooks.registry.setEnabled(data.webhook_id, false));
  },
};
