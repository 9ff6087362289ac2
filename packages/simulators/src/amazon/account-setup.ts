import { z } from "zod";

import { marketplaceIds } from "./marketplaces.ts";
import { notificationTypeNames } from "./notifications/notification-type.ts";

const units = z.number().int().min(0).max(10_000_000);
const text = z.string().min(1).max(200);
const marketplaceId = z.enum(marketplaceIds);

const listingSchema = z.strictObject({
  /** The seller's SKU. */
  listing: z.string().min(1).max(40),
  /** The seller's first store when absent. */
  marketplaceId: marketplaceId.optional(),
  title: text.optional(),
  asin: text.optional(),
  productType: text.optional(),
  price: z.number().positive().optional(),
  fulfilledBy: z.enum(["MERCHANT", "AMAZON"]).optional(),
  availableQuantity: units.optional(),
  leadTimeDays: z.number().int().min(0).max(365).optional(),
  suppressed: z.boolean().optional(),
  fba: z
    .strictObject({
      inboundWorking: units.optional(),
      inboundShipped: units.optional(),
      inboundReceiving: units.optional(),
      pendingTransshipment: units.optional(),
      fcProcessing: units.optional(),
      unfulfillable: units.optional(),
      researching: units.optional(),
    })
    .optional(),
});

const accountSchema = z.strictObject({
  account: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "must be 1 to 64 letters, digits, dots, dashes"),
  app: text.optional(),
  sellerId: z
    .string()
    .regex(/^A[A-Z0-9]{9,20}$/, "must look like A3TH9S8BH6GOGM")
    .optional(),
  storeName: text.optional(),
  marketplaceIds: z.array(marketplaceId).min(1).optional(),
  /** Notification types that its app is subscribed to from now on; ORDER_CHANGE for a new account when absent. */
  subscriptions: z.array(z.enum(notificationTypeNames)).optional(),
  listings: z.array(listingSchema).max(100_000).optional(),
});

const appSchema = z.strictObject({
  app: text,
  callbackUrl: z.url().nullable().optional(),
});

/** `PUT /_sim/accounts`: merged into what there is. */
export const accountsSchema = z.strictObject({
  callbackUrl: z.url().nullable().optional(),
  apps: z.array(appSchema).optional(),
  accounts: z.array(accountSchema).optional(),
});

export type AccountsSetup = z.infer<typeof accountsSchema>;
export type AccountSetup = z.infer<typeof accountSchema>;
export type AppSetup = z.infer<typeof appSchema>;
export type ListingSetup = z.infer<typeof listingSchema>;

/** Two sellers of the same three things, for whoever starts the simulator without saying more. */
export const exampleAccounts: AccountSetup[] = ["us-1", "us-2"].map((account) => ({
  account,
  listings: ["S", "M", "L"].map((size) => ({
    listing: `KB-${size}`,
    title: `Knee brace ${size}`,
    availableQuantity: 40,
    price: 16.5,
  })),
}));
