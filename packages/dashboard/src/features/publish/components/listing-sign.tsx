import { Icon, type IconName } from "../../../ui/icon.tsx";
import type { ListingMark } from "../api/listing-mark.ts";

import classes from "./listing-sign.module.css";

const icons: Readonly<Record<Exclude<ListingMark, "none">, IconName>> = {
  asDesired: "check",
  pushing: "moving",
  differs: "differs",
  silent: "silent",
  notLive: "held",
};

/** The sign of a listing's mark: shape and colour both tell it, and a word always stands beside or behind it. */
export function ListingSign({ mark }: { readonly mark: ListingMark }) {
  if (mark === "none") return null;
  return (
    <span className={classes[mark]}>
      <Icon name={icons[mark]} size={13} />
    </span>
  );
}
