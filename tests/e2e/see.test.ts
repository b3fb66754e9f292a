/** Simulated customers behind real middlewares and nodes: every question about their keys is answered right (F1-F5, B7, C7). */
import { seesEverything } from "../support/traffic/see-suite.ts";

seesEverything({ days: 8, hours: [3, 10, 15] }, 120_000);
