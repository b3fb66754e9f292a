import { ClavigerError } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import type { Act, Acting } from "../../kernel/act.ts";
import { Exports } from "../../kernel/exports.ts";
import { findAccount, selectMembers, selectServices, showAccount, showMember, showService } from "../accounts/index.ts";
import { listAuditEvents } from "../audit/index.ts";
import { selectKeysOf } from "../keys/index.ts";
import type { ExportPorts } from "./ports.ts";

const AT_ONCE = 200;

type Line = Readonly<Record<string, unknown>>;
/** A page of rows as they are written, and the place after it; null: it was the last. */
type Page = (
  tx: Tx,
  after: string | null,
) => Promise<{ readonly rows: readonly object[]; readonly next: string | null }>;

/** Exports of what is known of an account, a JSON object on each line, in bounded memory. */
export class AccountExports {
  readonly #ports: ExportPorts & { readonly act: Act };
  readonly #exports: Exports;

  constructor(ports: ExportPorts & { readonly act: Act }) {
    this.#ports = ports;
    this.#exports = new Exports(ports);
  }

  /** That somebody took it is in the trail before the first line is read. Throws NOT_FOUND, and UNAVAILABLE where too many are under way. */
  async start(acting: Acting<string>, reference: string): Promise<ReadableStream<Uint8Array>> {
    this.#exports.demandPlace();
    const { body } = await this.#ports.act({ ...acting, render: async (id) => ({ id }) }, PLATFORM, async (unit) => {
      const account = await findAccount(unit.tx, reference);
      if (account === null || account.reserved) throw new ClavigerError("NOT_FOUND");
      const { id } = account;
      unit.audits({ action: "account.exported", account: id, target: { type: "account", id } });
      return id;
    });
    const { id } = body as { readonly id: string };
    const name = { operation: "accounts.export", what: "an export of an account", requestId: acting.source.requestId };
    return this.#exports.start(this.#pages(id), name);
  }

  /** The last line says how many there are, so that a cut one is known. */
  async *#pages(account: string): AsyncGenerator<Uint8Array, void> {
    let lines = 0;
    const encoded = (rows: readonly Line[]): Uint8Array => {
      lines += rows.length;
      return Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    };
    const { database } = this.#ports;
    const found = await database.transaction(PLATFORM, (tx) => findAccount(tx, account));
    if (found === null) throw new TypeError("an account is never deleted");
    yield encoded([{ type: "account", ...showAccount(found) }]);
    for (const [type, page] of this.#parts(account)) {
      for (let after: string | null = null, first = true; first || after !== null; first = false) {
        const from: string | null = after;
        const { rows, next }: Awaited<ReturnType<Page>> = await database.transaction(PLATFORM, (tx) => page(tx, from));
        if (rows.length > 0) yield encoded(rows.map((row) => ({ type, ...row })));
        after = next;
      }
    }
    yield encoded([{ type: "end", lines }]);
  }

  #parts(account: string): readonly (readonly [string, Page])[] {
    const { clock, showKeys } = this.#ports;
    const paged = <T>(rows: readonly T[], shown: readonly object[], idOf: (row: T) => string) => {
      const last = rows.at(-1);
      return { rows: shown, next: rows.length < AT_ONCE || last === undefined ? null : idOf(last) };
    };
    return [
      [
        "member",
        async (tx, after) => {
          const rows = await selectMembers(tx, account, undefined, after, AT_ONCE);
          return paged(rows, rows.map(showMember), ({ id }) => id);
        },
      ],
      [
        "service",
        async (tx, after) => {
          const rows = await selectServices(tx, account, after, AT_ONCE);
          return paged(rows, rows.map(showService), ({ id }) => id);
        },
      ],
      [
        "key",
        async (tx, after) => {
          const rows = await selectKeysOf(tx, account, after ?? "", AT_ONCE);
          return paged(rows, await showKeys(tx, rows, clock.wall()), ({ id }) => id);
        },
      ],
      [
        "audit-event",
        async (tx, after) => {
          const before = after === null ? {} : { after: Number(after) };
          const rows = await listAuditEvents(tx, { account, ...before, limit: AT_ONCE });
          return paged(rows, rows, ({ seq }) => String(seq));
        },
      ],
    ];
  }
}
