import { type Config, ConfigError, loadConfig } from "../../config.ts";
import type { OperateOptions } from "../options.ts";
import { type Check, fail, ok } from "./check.ts";

const OLDEST_NODE = 24;

/** The settings as the service would read them; null where it would not start with them. One check for each wrong one. */
export function checkSettings(options: OperateOptions): { readonly config: Config | null; readonly checks: Check[] } {
  const wrong: ConfigError[] = [];
  let environment = options.environment;
  for (;;) {
    try {
      const config = loadConfig(environment, options.workingDirectory);
      if (wrong.length === 0) return { config, checks: [ok("configuration", "every setting is valid")] };
      break;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      // A setting that is missing stays wrong however often it is taken away.
      if (wrong.some(({ setting }) => setting === error.setting)) break;
      wrong.push(error);
      environment = without(environment, error.setting);
    }
  }
  return { config: null, checks: wrong.map((error) => fail("configuration", error.message, "correct the setting")) };
}

function without(environment: OperateOptions["environment"], setting: string): OperateOptions["environment"] {
  const name = setting.replace(/_FILE$/, "");
  return { ...environment, [name]: undefined, [`${name}_FILE`]: undefined };
}

/** `version` as Node gives it: `24.1.0`. */
export function checkNode(version: string): Check {
  return Number.parseInt(version, 10) >= OLDEST_NODE
    ? ok("node", `Node.js ${version}`)
    : fail("node", `Node.js ${version}`, `install Node.js ${OLDEST_NODE} or later`);
}
