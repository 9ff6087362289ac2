// The API's ids are base64 of `<name>:<number>`, most webhooks have the number alone. Seen in every sample; not promised anywhere.

/** The number within an id, or the id where it has none. */
export function numberOf(id: string): string {
  const [, number] = /^\w+:(\d+)$/.exec(Buffer.from(id, "base64").toString("utf8")) ?? [];
  return number ?? id;
}

/** The API's id of a number; anything else is one already. */
export function idOf(name: "Warehouse" | "Order" | "Return" | "PurchaseOrder", number: string): string {
  return /^\d+$/.test(number) ? Buffer.from(`${name}:${number}`).toString("base64") : number;
}
