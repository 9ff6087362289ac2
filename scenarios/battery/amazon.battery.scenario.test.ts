import { testDatabase } from "@onepool/server/testing/test-database.ts";

import { amazonSubject } from "./amazon-subject.ts";
import { connectorBattery } from "./connector-battery.ts";

connectorBattery(amazonSubject, await testDatabase());
