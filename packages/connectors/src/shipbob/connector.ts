import type { Keeper, KeeperAccount, KeeperKind, LevelsPage } from "../contract/keeper/keeper.ts";
import { failed, type Outcome, succeeded } from "../contract/outcome.ts";
import { capability } from "./capability.ts";
import { createClient, type ShipBobClient } from "./client.ts";
import { readDelivery } from "./delivery.ts";
import { listDocuments } from "./document-lists.ts";
import { InboundDesk } from "./inbound-desk.ts";
import { InventoryDirectory, queryOf } from "./inventory-directory.ts";
import { collectMovements } from "./movement-log.ts";
import { OrderDesk } from "./order-desk.ts";
import { ReturnOwners } from "./return-owners.ts";
import { type ConnectionParts, connectionOf } from "./settings.ts";
import { keepSubscription } from "./subscription-desk.ts";
import { toLevels } from "./to-levels.ts";
import { channelsSchema, levelsSchema, locationsSchema } from "./wire.ts";

export const shipbob: KeeperKind = {
  capability,
  readDelivery,
  connect(access) {
    const parts = connectionOf(access);
    return parts.ok ? succeeded(keeperOn(parts.value, access.clock)) : parts;
  },
};

function keeperOn(parts: ConnectionParts, clock: { now(): number }): Keeper {
  const client = createClient(parts);
  const directory = new InventoryDirectory(client, clock);
  const owners = new ReturnOwners(client);
  const channel = channelReader(client, parts.channelId);
  const orders = new OrderDesk({ ...parts, client, directory, readChannelId: channel });
  const inbounds = new InboundDesk({ client, directory, clock, readChannelId: channel });
  const reader = { ...parts, client, directory, owners, clock };
  return {
    readAccount: () => readAccount(client, channel),
    readLevels: (query) => readLevels(reader, query),
    collect: (query) => collectMovements(reader, query),
    listDocuments: (query) => listDocuments(reader, query),
    readOrder: (query) => orders.read(query),
    createOrder: (order) => orders.create(order),
    cancelOrder: (order) => orders.cancel(order),
    announceInbound: (inbound) => inbounds.announce(inbound),
    cancelInbound: (inbound) => inbounds.cancel(inbound),
    keepSubscription: (query) => keepSubscription(client, query),
  };
}

type ChannelReader = () => Promise<Outcome<string>>;

/** The channel that the settings name, or the only one that the token may write to. Asked once. */
function channelReader(client: ShipBobClient, named: string | null): ChannelReader {
  let known = named;
  return async () => {
    if (known !== null) return succeeded(known);
    const page = await client.call(channelsSchema, { method: "GET", path: "/channel" });
    if (!page.ok) return page;
    const writable = page.value.items.filter(({ scopes }) => scopes?.some((scope) => /write/i.test(scope)));
    const [only, ...others] = writable;
    if (only === undefined || others.length > 0) {
      const message = `The connection's settings lack channelId: the token may write to ${writable.length} channels.`;
      return failed({ kind: "auth", code: "wrong_settings", message });
    }
    known = only.id;
    return succeeded(known);
  };
}

async function readAccount(client: ShipBobClient, channel: ChannelReader): Promise<Outcome<KeeperAccount>> {
  const accountId = await channel();
  if (!accountId.ok) return accountId;
  const query = { AccessGranted: "true" };
  const locations = await client.call(locationsSchema, { method: "GET", path: "/location", query });
  if (!locations.ok) return locations;
  return succeeded({
    accountId: accountId.value,
    facilities: locations.value.map(({ id, name }) => ({ facility: id, title: name || id })),
  });
}

const PAGE_SIZE = "250";

async function readLevels(
  {
    client,
    directory,
    clock,
  }: {
    readonly client: ShipBobClient;
    readonly directory: InventoryDirectory;
    readonly clock: { now(): number };
  },
  { items, page }: { readonly items?: readonly string[]; readonly page?: string },
): Promise<Outcome<LevelsPage>> {
  const from = clock.now();
  const query = page === undefined ? new URLSearchParams({ PageSize: PAGE_SIZE }) : new URLSearchParams(page);
  if (items !== undefined) {
    const numbers = await directory.numbersOf(items);
    if (!numbers.ok) return numbers;
    const ids = [...numbers.value.values()].join(",");
    // Without a filter all of them would be listed.
    if (ids === "") return succeeded({ kind: "levels", asOf: { from, to: from }, lines: [], nextPage: null });
    query.set("InventoryIds", ids);
  }
  const asked = clock.now();
  const levels = await client.call(levelsSchema, {
    method: "GET",
    path: "/inventory-level/locations",
    query,
  });
  if (!levels.ok) return levels;
  for (const { inventory_id: id, sku } of levels.value.items) directory.learn(id, sku);
  return succeeded({
    kind: "levels",
    asOf: { from: asked, to: clock.now() },
    lines: toLevels(levels.value.items),
    nextPage: queryOf(levels.value.next),
  });
}
