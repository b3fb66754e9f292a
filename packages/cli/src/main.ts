#!/usr/bin/env node
import { keepCompiledCode } from "./compile-cache.ts";

keepCompiledCode(process.env);
// Everything else after this, so that it comes from the cache.
const { runProcess } = await import("./run-process.ts");
await runProcess();
