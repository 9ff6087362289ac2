/** An application registered with the Selling Partner API: whoever integrates. */
export interface App {
  name: string;
  /** `ApplicationId` of notifications. */
  applicationId: string;
  clientId: string;
  clientSecret: string;
  /** Where the notification tap posts what would go to a queue; none is posted without it. */
  callbackUrl: string | null;
}

/** A seller account, and the app it has authorised. */
export interface Seller {
  account: string;
  app: string;
  sellerId: string;
  storeName: string;
  /** The stores it sells in; the first is where its listings and orders are unless said otherwise. */
  marketplaceIds: string[];
}
