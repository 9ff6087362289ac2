/** What every SKU has and every listing shows at first: less than the most a channel shows, more than a bench sells of one. */
export const OPENING_UNITS = 90_000;
