import { notFound, type VendorRefusal } from "./graphql/vendor-refusal.ts";
import type { World } from "./world.ts";

/** The account behind the token: a seller's own, which no 3PL stands above. */
export interface OwnAccount {
  legacyId: number;
  uuid: string;
  userLegacyId: number;
  userUuid: string;
  email: string;
}

/** `customer_account_id` is for 3PLs: any other account than one's own is not there. */
export function refusalOfCustomer(
  { account }: World,
  uuid: string | null | undefined,
): VendorRefusal | undefined {
  return uuid === null || uuid === undefined || uuid === account.uuid ? undefined : notFound("Account");
}
