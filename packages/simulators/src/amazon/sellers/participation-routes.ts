import type { FastifyInstance } from "fastify";

import { marketplaceOf } from "../marketplaces.ts";
import type { Seller } from "../seller.ts";
import { sendAnswer } from "../vendor/send-answer.ts";
import { answered } from "../vendor/vendor-answer.ts";
import { sellerBehind } from "../vendor/vendor-api.ts";

function participation(seller: Seller, marketplaceId: string): object {
  const { id, name, countryCode, currencyCode, languageCode, domainName } = marketplaceOf(marketplaceId);
  return {
    marketplace: {
      id,
      name,
      countryCode,
      defaultCurrencyCode: currencyCode,
      defaultLanguageCode: languageCode,
      domainName,
    },
    participation: { isParticipating: true, hasSuspendedListings: false },
    storeName: seller.storeName,
  };
}

/** Sellers v1: in which stores the account sells. */
export function registerParticipationRoutes(server: FastifyInstance): void {
  server.get(
    "/sellers/v1/marketplaceParticipations",
    { config: { operation: "getMarketplaceParticipations" } },
    (request, reply) => {
      const seller = sellerBehind(request);
      const payload = seller.marketplaceIds.map((id) => participation(seller, id));
      return sendAnswer(reply, answered({ payload }));
    },
  );
}
