import type { World } from "../world.ts";
import type { Site } from "./catalogue.ts";

export function siteNode({ account }: World, site: Site) {
  return {
    id: site.uuid,
    legacy_id: site.legacyId,
    account_id: account.uuid,
    identifier: site.identifier,
    dynamic_slotting: true,
    profile: "default",
    company_name: null,
    company_alias: null,
    address: { name: site.identifier, country: "MX" },
  };
}
