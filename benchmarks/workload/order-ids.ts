/** Order ids that no other maker with another prefix gives. */
export function orderIds(prefix: string): () => string {
  let next = 0;
  return () => `${prefix}-${next++}`;
}
