import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { installFromDebian } from "./debian.mjs";
import { Explained } from "./explained.mjs";

const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/**
 * What the suites start themselves, on loopback, and stop again. `found` says whether it is here, `need` what to
 * install elsewhere, `debian` the package, `service` what that package would start.
 */
const TOOLS = [
  {
    name: "Redis",
    need: "Redis 7 or later (redis-server on the path)",
    debian: "redis-server",
    service: "redis-server",
    found: () => onPath("redis-server"),
  },
  {
    name: "nginx",
    need: "nginx with auth_request (nginx on the path)",
    debian: "nginx",
    service: "nginx",
    found: () => onPath("nginx"),
  },
  {
    name: "PostgreSQL 15",
    need: "PostgreSQL 15 (/usr/lib/postgresql/15/bin, as Debian and its kin install it)",
    debian: "postgresql-15",
    found: () => ["initdb", "postgres", "pg_ctl"].every((name) => isProgram(`/usr/lib/postgresql/15/bin/${name}`)),
  },
  {
    name: "libfaketime",
    need: "libfaketime (libfaketimeMT.so.1, as Debian and its kin install it)",
    debian: "libfaketime",
    found: () =>
      ["x86_64", "aarch64"].some((name) => existsSync(`/usr/lib/${name}-linux-gnu/faketime/libfaketimeMT.so.1`)),
  },
  { name: "setpriv", need: "setpriv (util-linux)", debian: "util-linux", found: () => onPath("setpriv") },
];

/** Sees to it that all of TOOLS are there: as root on Debian by installing what is missing, elsewhere by naming it and failing. */
export function provideTools() {
  const missing = TOOLS.filter((tool) => !tool.found());
  if (missing.length === 0) return;
  const debian = existsSync("/etc/debian_version") && onPath("apt-get");
  if (!debian || process.getuid?.() !== 0) throw new Explained(whatToInstall(missing, debian));
  const packages = missing.map((tool) => tool.debian);
  process.stderr.write(
    `The tests need ${names(missing)}, not found here. Installing from Debian's packages: ${packages.join(" ")}\n`,
  );
  installFromDebian(
    packages,
    missing.flatMap((tool) => tool.service ?? []),
  );
  const still = TOOLS.filter((tool) => !tool.found());
  if (still.length > 0)
    throw new Explained(`Installed, and yet not found: ${names(still)}.\n${whatToInstall(still, debian)}`);
  process.stderr.write(`Installed: ${packages.join(" ")}. No service was started.\n`);
}

function whatToInstall(missing, debian) {
  const lines = [`The tests need what is not here, and none of them is ever skipped. Please install:`];
  for (const tool of missing) lines.push(`  - ${tool.need}`);
  if (debian) lines.push(`On this machine, as root: apt-get install ${missing.map((tool) => tool.debian).join(" ")}`);
  return lines.join("\n");
}

function names(tools) {
  return tools.map((tool) => tool.name).join(", ");
}

function onPath(name) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...SYSTEM_FOLDERS];
  return folders.some((folder) => folder !== "" && isProgram(join(folder, name)));
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
