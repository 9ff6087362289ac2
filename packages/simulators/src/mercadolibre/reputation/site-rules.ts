/** How a site judges sellers (official page of August 2025; Venezuela, which has an older system, is left out). */
interface SiteRules {
  /** Days looked back on when there are at least `fewestSales` in them; else a year. */
  windowDays: number;
  fewestSales: number;
  /** Highest share of own cancellations, in percent, of a leader, then green, yellow and orange; above is red. */
  cancellations: [leader: number, green: number, yellow: number, orange: number];
}

const rules: Record<string, SiteRules> = {
  MLM: { windowDays: 60, fewestSales: 40, cancellations: [0.5, 1, 2.5, 3] },
  MLA: { windowDays: 60, fewestSales: 50, cancellations: [0.5, 1, 2.5, 3] },
  MLB: { windowDays: 60, fewestSales: 60, cancellations: [0.5, 1.5, 3.5, 4] },
  MCO: { windowDays: 60, fewestSales: 60, cancellations: [1.5, 2.5, 7, 9] },
  MLC: { windowDays: 60, fewestSales: 40, cancellations: [1.5, 2.5, 7, 9] },
  MLU: { windowDays: 120, fewestSales: 25, cancellations: [1.5, 2.5, 7, 9] },
  MPE: { windowDays: 120, fewestSales: 20, cancellations: [2.5, 2.5, 7, 9] },
  MEC: { windowDays: 120, fewestSales: 20, cancellations: [3, 3, 8, 11] },
};

export function rulesOf(siteId: string): SiteRules {
  const found = rules[siteId];
  if (found === undefined) throw new Error(`no rules for site ${siteId}`);
  return found;
}
