import type { ReactNode } from "react";

import type { KeeperStanding } from "../../../api/contract.ts";
import { useLanguage } from "../../../locales/language.tsx";
import { Age } from "../../../ui/age.tsx";

import classes from "./keeper-facts.module.css";

const knownWays = ["levels", "collect", "documents", "delivery", "file", "api", "order"] as const;

/** Until when a keeper's word agrees with the ledger, and when it was last heard by each way. */
export function KeeperFacts({ keeper }: { readonly keeper: KeeperStanding }) {
  const { t } = useLanguage();
  const { verifiedAsOf, toldAsOf, heard, locations } = keeper;
  return (
    <dl className={classes["facts"]}>
      <Fact name={t("keepers.verifiedAsOf")}>
        {verifiedAsOf === null ? t("keepers.never") : <Age instant={verifiedAsOf} />}
      </Fact>
      <Fact name={t("keepers.toldAsOf")}>
        {toldAsOf === null ? t("keepers.never") : <Age instant={toldAsOf} />}
      </Fact>
      {knownWays
        .map((way) => heard.find((one) => one.way === way))
        .filter((one) => one !== undefined)
        .map(({ way, at }) => (
          <Fact key={way} name={t(`keepers.heard.${way as (typeof knownWays)[number]}`)}>
            <Age instant={at} />
          </Fact>
        ))}
      <Fact name={t("keepers.locations")}>{locations.length === 0 ? "–" : locations.join(", ")}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={classes["fact"]}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
