/** What an item is called: its SKU; its number where it has none. */
export function itemOf(inventoryId: string, sku: string | null | undefined): string {
  return sku ?? `${NUMBERED}${inventoryId}`;
}

const NUMBERED = "inventory:";

/** The number of an item that is called by it. */
export function numberIn(item: string): string | null {
  const number = item.startsWith(NUMBERED) ? item.slice(NUMBERED.length) : "";
  return /^\d+$/.test(number) ? number : null;
}
