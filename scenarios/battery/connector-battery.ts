import type { TestDatabase } from "@onepool/server/testing/test-database.ts";
import { describe } from "vitest";

import { accessTests, tokenTests } from "./access-tests.ts";
import { answersTests } from "./answers-tests.ts";
import type { BatterySubject } from "./battery-subject.ts";
import { openVaults } from "./battery-vaults.ts";
import { hostileTests } from "./hostile-tests.ts";
import { listingsTests } from "./listings-tests.ts";
import { noticesTests } from "./notices-tests.ts";
import { orderLifeTests } from "./order-life-tests.ts";
import { orderListTests } from "./order-list-tests.ts";
import { settingsTests } from "./settings-tests.ts";
import { writesTests } from "./writes-tests.ts";

/**
 * What every connector must do, over real HTTP against its simulator (docs/connector-battery.md). What a channel has not is
 * reported as not applicable, by name.
 */
export function connectorBattery(subject: BatterySubject, database: TestDatabase): void {
  describe(`the battery for ${subject.kind.capability.kind}`, () => {
    const parts = { subject, vaults: openVaults(database) };
    settingsTests(parts);
    answersTests(parts);
    accessTests(parts);
    tokenTests(parts);
    noticesTests(parts);
    hostileTests(parts);
    orderLifeTests(parts);
    orderListTests(parts);
    listingsTests(parts);
    writesTests(parts);
  });
}
