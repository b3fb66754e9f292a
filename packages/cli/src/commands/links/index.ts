import { getLink } from "./get.ts";
import { listLinks } from "./list.ts";
import { openLink } from "./open.ts";
import { revokeLink } from "./revoke.ts";

export const links = [listLinks, getLink, openLink, revokeLink] as const;
