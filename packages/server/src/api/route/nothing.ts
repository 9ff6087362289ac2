import { z } from "zod";

/** Of a route that takes no parameters: any that is given is refused by name. */
export const NOTHING = z.strictObject({});
