/** A store of Amazon's, with what a participation and an order say of it. */
export interface Marketplace {
  id: string;
  name: string;
  countryCode: string;
  currencyCode: string;
  languageCode: string;
  domainName: string;
  /** The fulfilment channel of FBA stock that sells here. */
  fbaChannelCode: "AMAZON_NA" | "AMAZON_EU" | "AMAZON_JP";
}

/** Ids, currencies and domains as documented. */
const marketplaces: Marketplace[] = [
  store("ATVPDKIKX0DER", "Amazon.com", "US", "USD", "en_US", "AMAZON_NA"),
  store("A2EUQ1WTGCTBG2", "Amazon.ca", "CA", "CAD", "en_CA", "AMAZON_NA"),
  store("A1AM78C64UM0Y8", "Amazon.com.mx", "MX", "MXN", "es_MX", "AMAZON_NA"),
  store("A2Q3Y263D00KWC", "Amazon.com.br", "BR", "BRL", "pt_BR", "AMAZON_NA"),
  store("A1F83G8C2ARO7P", "Amazon.co.uk", "GB", "GBP", "en_GB", "AMAZON_EU"),
  store("A1PA6795UKMFR9", "Amazon.de", "DE", "EUR", "de_DE", "AMAZON_EU"),
  store("A1VC38T7YXB528", "Amazon.co.jp", "JP", "JPY", "ja_JP", "AMAZON_JP"),
];

function store(...row: [string, string, string, string, string, Marketplace["fbaChannelCode"]]): Marketplace {
  const [id, name, countryCode, currencyCode, languageCode, fbaChannelCode] = row;
  const domainName = `www.${name.toLowerCase()}`;
  return { id, name, countryCode, currencyCode, languageCode, domainName, fbaChannelCode };
}

/** Every store simulated here. */
export const marketplaceIds: string[] = marketplaces.map(({ id }) => id);

/** The store with this id; ids are checked where they come in. */
export function marketplaceOf(id: string): Marketplace {
  const found = marketplaces.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no marketplace ${id}`);
  return found;
}
