import type { MessageKey } from "../../locales/locale.ts";

/** The pages of the header, in order. A new page is a line here and a route in `router.tsx`. */
export const PAGES = [
  { to: "/", label: "nav.pool", exact: true, under: "/skus/" },
  { to: "/channels", label: "nav.channels", exact: false, under: null },
  { to: "/keepers", label: "nav.keepers", exact: false, under: null },
] as const satisfies readonly {
  readonly to: string;
  readonly label: MessageKey;
  /** Its pages below are of another place. */
  readonly exact: boolean;
  /** Where its pages below have another address than its own: what that begins with. */
  readonly under: string | null;
}[];
