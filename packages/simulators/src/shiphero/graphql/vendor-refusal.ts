/**
 * Why an operation was refused, in the vendor's words. GraphQL takes an Error that a resolver returns as that
 * field's failure, so refusals are returned, never thrown.
 */
export class VendorRefusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = "VendorRefusal";
    this.code = code;
  }
}

/** `Order not found`, code 5: documented. */
export function notFound(what: string): VendorRefusal {
  return new VendorRefusal(5, `${what} not found`);
}

/** Something given that cannot be. ASSUMED: code 3. */
export function invalid(message: string): VendorRefusal {
  return new VendorRefusal(3, message);
}

/** Something is there already, or in a state that forbids it. ASSUMED: code 4. */
export function conflict(message: string): VendorRefusal {
  return new VendorRefusal(4, message);
}

/** ASSUMED: code 1. */
export const unexpectedError = new VendorRefusal(1, "Unexpected error. Please try again later.");
