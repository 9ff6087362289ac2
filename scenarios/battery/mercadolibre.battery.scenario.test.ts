import { testDatabase } from "@onepool/server/testing/test-database.ts";

import { connectorBattery } from "./connector-battery.ts";
import { mercadolibreSubject } from "./mercadolibre-subject.ts";

connectorBattery(mercadolibreSubject, await testDatabase());
