/** An application registered with the marketplace: whoever integrates. */
export interface App {
  name: string;
  id: number;
  clientId: string;
  clientSecret: string;
  /** Where notifications of all its sellers go; none are made without it. */
  callbackUrl: string | null;
  topics: string[];
  redirectUris: string[];
  /** When on, a code is only exchanged with its verifier. */
  pkceRequired: boolean;
  maxRequestsPerHour: number;
}

/** A seller account of the marketplace, and the app it has authorised. */
export interface Seller {
  account: string;
  app: string;
  userId: number;
  nickname: string;
  siteId: string;
  tags: string[];
  registeredAt: number;
}

const currencies: Record<string, string> = {
  MLA: "ARS",
  MLB: "BRL",
  MLC: "CLP",
  MCO: "COP",
  MEC: "USD",
  MLM: "MXN",
  MPE: "PEN",
  MLU: "UYU",
};

/** The currency a site sells in. */
export function currencyOf(siteId: string): string {
  return currencies[siteId] ?? "USD";
}
