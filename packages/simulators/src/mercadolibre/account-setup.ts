import { z } from "zod";

import { permissions } from "./seller.ts";

const quantity = z.number().int().min(0).max(99_999);
const text = z.string().min(1).max(200);
const siteId = z.enum(["MLA", "MLB", "MLC", "MCO", "MEC", "MLM", "MPE", "MLU"]);

const variationSchema = z.strictObject({
  variation: z.number().int().positive().optional(),
  sellerSku: text.nullable().optional(),
  sellerCustomField: text.nullable().optional(),
  availableQuantity: quantity.optional(),
  inventoryId: text.nullable().optional(),
  userProductId: text.optional(),
  label: text.optional(),
});

const listingSchema = z.strictObject({
  listing: z
    .string()
    .regex(/^[A-Z]{3}\d{6,12}$/, "must look like MLM1145397784")
    .optional(),
  title: text.optional(),
  categoryId: text.optional(),
  sellerSku: text.nullable().optional(),
  sellerCustomField: text.nullable().optional(),
  availableQuantity: quantity.optional(),
  price: z.number().positive().optional(),
  condition: z.enum(["new", "used"]).optional(),
  listingType: text.optional(),
  status: z.enum(["active", "paused", "under_review", "closed", "inactive", "payment_required"]).optional(),
  subStatus: z.array(text).optional(),
  logisticType: text.optional(),
  shippingTags: z.array(text).optional(),
  familyId: z.number().int().positive().nullable().optional(),
  familyName: text.nullable().optional(),
  inventoryId: text.nullable().optional(),
  userProductId: text.nullable().optional(),
  dynamicPricing: z.boolean().optional(),
  catalogListing: z.boolean().optional(),
  tags: z.array(text).optional(),
  variations: z.array(variationSchema).max(250).optional(),
});

const storeSchema = z.strictObject({
  store: text,
  networkNodeId: text.optional(),
  description: text.optional(),
  /** Only these can hold stock of user products. */
  stockLocation: z.boolean().optional(),
  logistics: z.array(text).optional(),
});

const userProductSchema = z.strictObject({
  userProduct: text,
  /** Replaces all places; an empty list means that the stock was never set. */
  locations: z
    .array(
      z.strictObject({
        type: z.enum(["selling_address", "meli_facility", "seller_warehouse"]),
        store: text.optional(),
        quantity,
      }),
    )
    .max(100)
    .optional(),
});

const accountSchema = z.strictObject({
  account: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "must be 1 to 64 letters, digits, dots, dashes"),
  app: text.optional(),
  siteId: siteId.optional(),
  userId: z.number().int().positive().optional(),
  nickname: text.optional(),
  active: z.boolean().optional(),
  tags: z.array(text).optional(),
  stores: z.array(storeSchema).max(100).optional(),
  userProducts: z.array(userProductSchema).max(100_000).optional(),
  listings: z.array(listingSchema).max(100_000).optional(),
});

const appSchema = z.strictObject({
  app: text,
  callbackUrl: z.url().nullable().optional(),
  topics: z.array(text).optional(),
  redirectUris: z.array(z.url()).optional(),
  pkceRequired: z.boolean().optional(),
  maxRequestsPerHour: z.number().int().positive().optional(),
  blocked: z.boolean().optional(),
  permissions: z.array(z.enum(permissions)).optional(),
});

/** `PUT /_sim/accounts`: merged into what there is. */
export const accountsSchema = z.strictObject({
  callbackUrl: z.url().nullable().optional(),
  topics: z.array(text).optional(),
  apps: z.array(appSchema).optional(),
  accounts: z.array(accountSchema).optional(),
});

export type AccountsSetup = z.infer<typeof accountsSchema>;
export type AccountSetup = z.infer<typeof accountSchema>;
export type AppSetup = z.infer<typeof appSchema>;
export type ListingSetup = z.infer<typeof listingSchema>;
export type VariationSetup = z.infer<typeof variationSchema>;
export type StoreSetup = z.infer<typeof storeSchema>;
export type UserProductSetup = z.infer<typeof userProductSchema>;

/** Two sellers of the same three things, for whoever starts the simulator without saying more. */
export const exampleAccounts: AccountSetup[] = ["mx-1", "mx-2"].map((account) => ({
  account,
  listings: ["S", "M", "L"].map((size) => ({
    title: `Knee brace ${size}`,
    sellerSku: `KB-${size}`,
    availableQuantity: 40,
    price: 299,
  })),
}));
