import type { MessageKey } from "../../locales/locale.ts";

/** The pages of the header, in order. A new page is a line here and a route in `router.tsx`. */
export const PAGES = [
  { to: "/", label: "nav.pool", exact: true },
  { to: "/channels", label: "nav.channels", exact: false },
] as const satisfies readonly {
  readonly to: string;
  readonly label: MessageKey;
  /** Its pages below are of another place. */
  readonly exact: boolean;
}[];
