import { keeperBattery } from "./keeper-battery.ts";
import { shipheroSubject } from "./shiphero-subject.ts";

keeperBattery(shipheroSubject);
