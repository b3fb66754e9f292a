import { compileReferrers, type ReferrerSet } from "../network/referrer.ts";
import type { KeyRecord } from "../verdict/verdict.ts";
import { AddressSet } from "./addresses.ts";
import { type Interned, Interner } from "./interner.ts";
import { type SharedGrant, shareGrant } from "./scope-bits.ts";
import type { SubjectGroup, Subjects } from "./subjects.ts";

/** A list of a record, with what it compiles to once it is asked about. */
export interface SharedList extends Interned {
  readonly list: readonly string[];
  addresses: AddressSet | null;
  referrers: ReferrerSet | null;
}

/** All of a record that other records are likely to have as well. */
export interface Profile<Shared> extends Interned {
  readonly number: number;
  readonly group: SubjectGroup;
  readonly environment: string;
  readonly grant: SharedGrant;
  readonly allowedIps: SharedList;
  readonly allowedReferrers: SharedList;
  readonly audiences: SharedList;
  readonly shared: Shared | null;
  /** Whether any of its lists binds the key to something. */
  readonly bound: boolean;
}

/** Profiles by number, so that a record holds a small integer for all of it. */
export class Profiles<Shared extends object> {
  readonly #profiles = new Interner<Profile<Shared>>();
  readonly #grants = new Interner<SharedGrant>();
  readonly #lists = new Interner<SharedList>();
  readonly #byNumber: (Profile<Shared> | null)[] = [];
  readonly #free: number[] = [];
  readonly #subjects: Subjects;
  /** Shared objects are told apart by identity, so that their owner may change one for all records at once. */
  readonly #sharedNumbers = new WeakMap<object, number>();
  #lastShared = 0;

  constructor(subjects: Subjects) {
    this.#subjects = subjects;
  }

  /** The profile of a record, with one more reference. Its lists must be lists of strings. */
  refer(record: KeyRecord, shared: Shared | null): Profile<Shared> {
    const group = this.#subjects.refer(record);
    const grant = JSON.stringify([record.tier, record.scopes]);
    const lists = [record.allowedIps, record.allowedReferrers, record.audiences].map((list) => JSON.stringify(list));
    const name = JSON.stringify([group.serial, record.environment, grant, ...lists, this.#numberOf(shared)]);
    const profile = this.#profiles.refer(name, () => this.#make(name, group, record, grant, shared));
    // The profile holds the group once, however many records hold the profile.
    if (profile.references > 1) this.#subjects.release(group);
    return profile;
  }

  release(profile: Profile<Shared>): void {
    if (!this.#profiles.release(profile)) return;
    this.#subjects.release(profile.group);
    this.#grants.release(profile.grant);
    for (const list of [profile.allowedIps, profile.allowedReferrers, profile.audiences]) this.#lists.release(list);
    this.#byNumber[profile.number] = null;
    this.#free.push(profile.number);
  }

  at(number: number): Profile<Shared> {
    const profile = this.#byNumber[number];
    if (profile === undefined || profile === null) throw new TypeError(`there is no profile ${number}`);
    return profile;
  }

  /** Shared things of all kinds. */
  get size(): number {
    return this.#profiles.size + this.#grants.size + this.#lists.size;
  }

  #make(
    name: string,
    group: SubjectGroup,
    record: KeyRecord,
    grantName: string,
    shared: Shared | null,
  ): Profile<Shared> {
    const number = this.#free.pop() ?? this.#byNumber.length;
    const profile: Profile<Shared> = {
      ...{ name, references: 0, number, group, shared },
      environment: record.environment,
      grant: this.#grants.refer(grantName, () => shareGrant(grantName, record.tier, record.scopes)),
      allowedIps: this.#list(record.allowedIps),
      allowedReferrers: this.#list(record.allowedReferrers),
      audiences: this.#list(record.audiences),
      bound: record.allowedIps.length + record.allowedReferrers.length + record.audiences.length > 0,
    };
    this.#byNumber[number] = profile;
    return profile;
  }

  #list(list: readonly string[]): SharedList {
    const make = (name: string): SharedList => ({ name, references: 0, list, addresses: null, referrers: null });
    return this.#lists.refer(JSON.stringify(list), make);
  }

  #numberOf(shared: Shared | null): number {
    if (shared === null) return 0;
    const known = this.#sharedNumbers.get(shared);
    if (known !== undefined) return known;
    this.#lastShared++;
    this.#sharedNumbers.set(shared, this.#lastShared);
    return this.#lastShared;
  }
}

export function addressesOf(list: SharedList): AddressSet {
  list.addresses ??= new AddressSet(list.list);
  return list.addresses;
}

export function referrersOf(list: SharedList): ReferrerSet {
  list.referrers ??= compileReferrers(list.list);
  return list.referrers;
}
