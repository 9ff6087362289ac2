/** Whether an instant lies within optional bounds, both included. Bounds come from the schema as milliseconds. */
export function isWithin(
  at: number,
  from: number | null | undefined,
  to: number | null | undefined,
): boolean {
  // The vendor's times have whole seconds: what happened within the second of the bound is in.
  return (
    at >= (from ?? -Infinity) && Math.floor(at / 1_000) <= (typeof to === "number" ? to / 1_000 : Infinity)
  );
}
