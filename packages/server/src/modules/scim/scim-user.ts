import type { Member } from "../accounts/index.ts";

const USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User";
export const LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
export const PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/** A member as an identity provider sees them. One that no provider has told of has its e-mail address as user name. */
export interface ScimUser {
  readonly member: Member;
  readonly userName: string;
  readonly externalId: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly updatedAt: Date;
}

/** What a provider says of a user. */
export interface ScimAttributes {
  readonly userName: string;
  readonly externalId: string | null;
  readonly name: string;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly email: string;
  readonly role: Member["role"];
  readonly active: boolean;
}

export function attributesOf({ member, userName, externalId, givenName, familyName }: ScimUser): ScimAttributes {
  const { name, email, role, status } = member;
  return { userName, externalId, name, givenName, familyName, email, role, active: status === "active" };
}

/** The user as the standard has it. `base` is the address of `/scim/v2`. */
export function resourceOf({ member, ...user }: ScimUser, base: string): object {
  const { userName, externalId, givenName, familyName, updatedAt } = user;
  return {
    schemas: [USER_SCHEMA],
    id: member.id,
    ...(externalId === null ? {} : { externalId }),
    userName,
    name: {
      formatted: member.name,
      ...(givenName === null ? {} : { givenName }),
      ...(familyName === null ? {} : { familyName }),
    },
    displayName: member.name,
    active: member.status === "active",
    emails: [{ value: member.email, type: "work", primary: true }],
    roles: [{ value: member.role, primary: true }],
    meta: {
      resourceType: "User",
      created: member.createdAt.toISOString(),
      lastModified: updatedAt.toISOString(),
      location: `${base}/Users/${member.id}`,
    },
  };
}
