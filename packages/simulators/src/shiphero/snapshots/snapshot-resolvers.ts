import { connect } from "../graphql/connection.ts";
import { answered, type FieldInfo, isAnalysis, type RequestContext } from "../graphql/request-context.ts";
import { conflict, invalid, notFound, type VendorRefusal } from "../graphql/vendor-refusal.ts";
import { facilityFilter } from "../inventory/inventory-queries.ts";
import { refusalOfCustomer } from "../own-account.ts";
import { vendorTime } from "../vendor-time.ts";
import type { World } from "../world.ts";
import type { SnapshotJob } from "./snapshot-job.ts";

interface GenerateInput {
  customer_account_id?: string | null;
  warehouse_id?: string | null;
  notification_email?: string | null;
  post_url?: string | null;
  post_url_pre_check?: boolean | null;
  new_format?: boolean | null;
  updated_from?: number | null;
  has_inventory?: boolean | null;
}

function snapshotNode({ account, catalogue, snapshots }: World, job: SnapshotJob) {
  return {
    snapshot_id: job.id,
    job_user_id: account.userUuid,
    job_account_id: account.uuid,
    warehouse_id: job.facility === null ? null : catalogue.siteOf(job.facility).uuid,
    customer_account_id: null,
    notification_email: job.notificationEmail,
    email_error: null,
    post_url: job.postUrl,
    post_error: job.postError,
    post_url_pre_check: job.postUrlPreCheck,
    status: job.status,
    error: job.error,
    created_at: vendorTime(job.createdAt),
    enqueued_at: vendorTime(job.createdAt),
    updated_at: vendorTime(job.updatedAt),
    snapshot_url: snapshots.urlOf(job),
    snapshot_expiration: job.expiresAt === null ? null : vendorTime(job.expiresAt),
    new_format: true,
  };
}

function withSnapshot(context: RequestContext, info: FieldInfo, job: SnapshotJob) {
  return answered(context, info, { snapshot: snapshotNode(context.world, job) });
}

/** Whether the address takes posts; documented as a check before the job, what is posted is ASSUMED. */
async function refusalOfPostUrl(world: World, data: GenerateInput): Promise<VendorRefusal | undefined> {
  const { post_url: url } = data;
  if (typeof url !== "string") return undefined;
  if (!URL.canParse(url)) return invalid("Invalid post_url");
  if (data.post_url_pre_check === false) return undefined;
  const { status } = await world.webhooks.post(url, {});
  return status >= 200 && status < 300 ? undefined : invalid("post_url does not accept POST requests");
}

/** Queries and mutations of snapshots. */
export const snapshotResolvers = {
  inventory_snapshot({ snapshot_id: id }: { snapshot_id: string }, context: RequestContext, info: FieldInfo) {
    if (isAnalysis(context, info)) return answered(context, info, { snapshot: null });
    const job = context.world.snapshots.get(id);
    return job === undefined ? notFound("Snapshot") : withSnapshot(context, info, job);
  },

  inventory_snapshots(
    args: { warehouse_id?: string | null; status?: string | null; customer_account_id?: string | null },
    context: RequestContext,
    info: FieldInfo,
  ) {
    const { world } = context;
    if (isAnalysis(context, info)) return answered(context, info, { snapshots: null });
    const facility =
      refusalOfCustomer(world, args.customer_account_id) ?? facilityFilter(world, args.warehouse_id);
    if (facility instanceof Error) return facility;
    const rows = world.snapshots
      .all()
      .filter((job) => facility === undefined || job.facility === facility)
      .filter((job) => (args.status ?? job.status) === job.status);
    return answered(context, info, { snapshots: connect(rows, (job) => snapshotNode(world, job)) });
  },

  async inventory_generate_snapshot(
    { data }: { data: GenerateInput },
    context: RequestContext,
    info: FieldInfo,
  ) {
    const { world } = context;
    const facility =
      refusalOfCustomer(world, data.customer_account_id) ?? facilityFilter(world, data.warehouse_id);
    if (facility instanceof Error) return facility;
    const refusal = await refusalOfPostUrl(world, data);
    if (refusal !== undefined) return refusal;
    const job = world.snapshots.start({
      facility: facility ?? null,
      updatedFrom: data.updated_from ?? null,
      hasInventory: data.has_inventory ?? false,
      notificationEmail: data.notification_email ?? null,
      postUrl: data.post_url ?? null,
      postUrlPreCheck: data.post_url_pre_check ?? true,
    });
    return withSnapshot(context, info, job);
  },

  inventory_abort_snapshot(
    { data }: { data: { snapshot_id: string; reason?: string | null } },
    context: RequestContext,
    info: FieldInfo,
  ) {
    const { snapshots } = context.world;
    const job = snapshots.get(data.snapshot_id);
    if (job === undefined) return notFound("Snapshot");
    if (!snapshots.abort(job, data.reason ?? null)) return conflict("Snapshot is already finished");
    return withSnapshot(context, info, job);
  },
};
