import { describe } from "vitest";

import { answersTests, settingsTests } from "./answers-tests.ts";
import { inboundTests, orderTests } from "./commands-tests.ts";
import { deliveriesTests } from "./deliveries-tests.ts";
import type { KeeperSubject } from "./keeper-subject.ts";
import { tellingTests } from "./telling-tests.ts";

/** What every keeper must do, over real HTTP against its simulator (docs/keeper-battery.md). */
export function keeperBattery(subject: KeeperSubject): void {
  describe(`the battery for ${subject.kind.capability.kind}`, () => {
    settingsTests(subject);
    answersTests(subject);
    orderTests(subject);
    inboundTests(subject);
    deliveriesTests(subject);
    tellingTests(subject);
  });
}
