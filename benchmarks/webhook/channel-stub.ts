import { fastify, type FastifyInstance } from "fastify";

/** The two accounts at the stub: sales are made at one, and the other has to show them. */
export const SELLING_ACCOUNT = { code: "meli-selling", accountId: "1001", site: "MLA" } as const;
export const SHOWING_ACCOUNT = { code: "meli-showing", accountId: "1002", site: "MLB" } as const;

const ITEM_IDS_FROM = 1_000_000;

/** The listing of the SKU with this number. */
export function itemId(site: string, sku: number): string {
  return `${site}${ITEM_IDS_FROM + sku}`;
}

interface StubOptions {
  /** What every listing shows at first. */
  readonly openingUnits: number;
  /** A listing of the showing account is asked to show this many. */
  onPush(sku: number, quantity: number): void;
}

/**
 * As much of MercadoLibre's API as a sale and its push need, answered at once: what is measured is ours. The real one takes
 * its time, and the simulator tells the truth about that.
 */
export class ChannelStub {
  readonly app: FastifyInstance = fastify({ logger: false });
  private readonly options: StubOptions;
  private readonly quantities = new Map<string, number>();
  private readonly skusOfOrders = new Map<string, { readonly sku: number; readonly at: string }>();
  private readonly read = new Set<string>();
  private orders = 0;

  constructor(options: StubOptions) {
    this.options = options;
    const { app } = this;
    app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_, body, done) =>
      done(null, new URLSearchParams(String(body))),
    );
    // Tokens are the account's id: whoever asks who they are is told by theirs.
    app.post<{ Body: URLSearchParams }>("/oauth/token", async ({ body }) => {
      const account = body.get("refresh_token");
      return { access_token: account, refresh_token: account, expires_in: 21_600 };
    });
    app.get("/users/me", async ({ headers }) => ({
      id: Number(headers.authorization?.replace("Bearer ", "")),
      site_id: "MLA",
      tags: ["normal"],
    }));
    app.get("/missed_feeds", async () => ({ messages: null }));
    app.get<{ Params: { id: string } }>("/orders/:id", async ({ params }) => this.orderBody(params.id));
    app.get("/orders/search", async () => ({ results: [], paging: { total: 0 } }));
    app.get<{ Querystring: { ids: string } }>("/items/bulk", async ({ query }) =>
      query.ids.split(",").map((id) => this.itemRow(id)),
    );
    app.put<{ Params: { id: string }; Body: { available_quantity: number } }>(
      "/items/:id",
      async ({ params, body }) => this.write(params.id, body.available_quantity),
    );
  }

  /** A unit of a SKU is sold at the selling account, which takes it off its own number. Answers the order's id. */
  sell(sku: number): string {
    const id = itemId(SELLING_ACCOUNT.site, sku);
    this.quantities.set(id, this.quantityOf(id) - 1);
    this.orders += 1;
    const orderId = String(this.orders);
    this.skusOfOrders.set(orderId, { sku, at: new Date().toISOString() });
    return orderId;
  }

  /** How many listings have been read at least once. */
  get listingsRead(): number {
    return this.read.size;
  }

  private quantityOf(id: string): number {
    return this.quantities.get(id) ?? this.options.openingUnits;
  }

  private orderBody(orderId: string): object {
    const order = this.skusOfOrders.get(orderId);
    if (order === undefined) throw new Error(`nobody was told of an order ${orderId}`);
    const item = { id: itemId(SELLING_ACCOUNT.site, order.sku), variation_id: null };
    return {
      id: Number(orderId),
      status: "paid",
      date_created: order.at,
      date_closed: order.at,
      last_updated: order.at,
      order_items: [{ item, quantity: 1 }],
      shipping: { id: null },
      tags: [],
    };
  }

  private itemRow(id: string): object {
    this.read.add(id);
    const account = id.startsWith(SHOWING_ACCOUNT.site) ? SHOWING_ACCOUNT : SELLING_ACCOUNT;
    return {
      status_code: 200,
      body: {
        id,
        seller_id: Number(account.accountId),
        status: "active",
        sub_status: [],
        available_quantity: this.quantityOf(id),
        shipping: { logistic_type: "drop_off" },
      },
    };
  }

  private write(id: string, quantity: number): object {
    this.quantities.set(id, quantity);
    if (id.startsWith(SHOWING_ACCOUNT.site))
      this.options.onPush(Number(id.slice(SHOWING_ACCOUNT.site.length)) - ITEM_IDS_FROM, quantity);
    return { available_quantity: quantity };
  }
}
