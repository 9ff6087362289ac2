import { keeperBattery } from "./keeper-battery.ts";
import { shipbobSubject } from "./shipbob-subject.ts";

keeperBattery(shipbobSubject);
