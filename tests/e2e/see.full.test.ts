/** As `see.test.ts`, over five weeks with more hours a day. */
import { seesEverything } from "../support/traffic/see-suite.ts";

seesEverything({ days: 35, hours: [0, 3, 7, 9, 10, 13, 15, 18, 21] }, 1_200_000);
