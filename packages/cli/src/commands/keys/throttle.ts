import { endingOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const throttleKey: ApiCommand = {
  operation: pick(endingOperations, "keys.throttle"),
  examples: [
    'claviger keys throttle key_01M8414TSEEBKV20QTA45NWYH3 --amount 10 --per minute --for-minutes 120 --reason "loops"',
  ],
};

export const unthrottleKey: ApiCommand = {
  operation: pick(endingOperations, "keys.unthrottle"),
  examples: ["claviger keys unthrottle key_01M8414TSEEBKV20QTA45NWYH3"],
};
