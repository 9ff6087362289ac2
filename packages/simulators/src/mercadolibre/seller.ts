/** An application registered with the marketplace: whoever integrates. */
export interface App {
  name: string;
  id: number;
  clientId: string;
  clientSecret: string;
  /** The one before, while a planned renewal leaves both valid. */
  oldSecret: { value: string; until: number } | null;
  /** Where notifications of all its sellers go; none are made without it. */
  callbackUrl: string | null;
  topics: string[];
  /** Switched off after slow answers, until somebody subscribes to them again. */
  disabledTopics: string[];
  redirectUris: string[];
  /** When on, a code is only exchanged with its verifier. */
  pkceRequired: boolean;
  maxRequestsPerHour: number;
  /** Blocked by the marketplace: nothing works any more. */
  blocked: boolean;
  /** Areas of the API that it may use, besides users and applications. */
  permissions: Permission[];
}

export const permissions = ["publishing", "sales", "communication"] as const;

/** A functional permission: "Publicación y sincronización", "Ventas y envíos", "Comunicación pre y postventa". */
export type Permission = (typeof permissions)[number];

/** A depot of a seller, made in the marketplace's panel. */
export interface Store {
  id: string;
  nodeId: string;
  description: string;
  isStockLocation: boolean;
  logistics: string[];
}

/** A seller account of the marketplace, and the app it has authorised. */
export interface Seller {
  account: string;
  app: string;
  userId: number;
  nickname: string;
  siteId: string;
  tags: string[];
  stores: Store[];
  /** False: suspended, and nothing of it can be changed. */
  active: boolean;
  registeredAt: number;
}

const sites: Record<string, { currency: string; country: string }> = {
  MLA: { currency: "ARS", country: "AR" },
  MLB: { currency: "BRL", country: "BR" },
  MLC: { currency: "CLP", country: "CL" },
  MCO: { currency: "COP", country: "CO" },
  MEC: { currency: "USD", country: "EC" },
  MLM: { currency: "MXN", country: "MX" },
  MPE: { currency: "PEN", country: "PE" },
  MLU: { currency: "UYU", country: "UY" },
};

/** What a site sells in, and where it is. */
export function siteOf(siteId: string): { currency: string; country: string } {
  const site = sites[siteId];
  if (site === undefined) throw new Error(`no site ${siteId}`);
  return site;
}
