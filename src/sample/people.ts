import { textKey } from '../database/text-key.ts';
import { Role } from '../identity/identity.enums.ts';
import { newRow, type Setting, type Team, type UserRow } from './draft.ts';
import { FIRST_NAMES, LAST_NAMES } from './names.ts';
import type { Random } from './random.ts';

export interface PersonName {
  firstName: string;
  lastName: string;
}

/** Names people get one after the other; no two people of the sample share one. */
export class PersonNames {
  private readonly given = new Set<string>();

  constructor(private readonly random: Random) {}

  next(): PersonName {
    for (;;) {
      const name = { firstName: this.random.pick(FIRST_NAMES), lastName: this.random.pick(LAST_NAMES) };
      const key = `${name.firstName} ${name.lastName}`;
      if (this.given.has(key)) continue;
      this.given.add(key);
      return name;
    }
  }
}

export function mailAddress({ firstName, lastName }: PersonName, domain: string): string {
  return `${textKey(firstName)}.${textKey(lastName)}@${domain}`;
}

/** `Main GmbH` → `main-gmbh.example`: a domain nobody can own. */
export function exampleDomain(name: string): string {
  const label = textKey(name)
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  return `${label || 'organization'}.example`;
}

const TEAM: [Exclude<Role, Role.SERVICE>, number][] = [
  [Role.SDR, 3],
  [Role.AE, 5],
  [Role.MARKETER, 1],
  [Role.ANALYST, 1],
];

/** Salespeople by what they sell to; the first of a role come first. */
const TEAMS: Partial<Record<Role, string[]>> = {
  [Role.SDR]: ['Sales Development', 'Sales Development', 'Sales Development'],
  [Role.AE]: ['Enterprise', 'Enterprise', 'Mid-Market', 'Mid-Market', 'Mid-Market'],
};

/** The people who sell, and the queue in which new leads wait for them. */
export function createTeam(setting: Setting, names: PersonNames): Team {
  const random = setting.random.stream('team');
  const since = setting.calendar.daysAgo(1200);
  const domain = exampleDomain(setting.organization.name);
  const users = TEAM.flatMap(([role, count]) =>
    Array.from({ length: count }, (_, index): UserRow => {
      const person = names.next();
      const email = mailAddress(person, domain);
      return {
        ...newRow(setting, random, since),
        name: `${person.firstName} ${person.lastName}`,
        email,
        emailKey: textKey(email),
        role,
        team: TEAMS[role]?.[index] ?? null,
        isActive: true,
        isPlaceholder: false,
      };
    }),
  );
  return {
    users,
    sdrs: users.filter((user) => user.role === Role.SDR),
    aes: users.filter((user) => user.role === Role.AE),
    marketer: users.find((user) => user.role === Role.MARKETER)!,
    inbound: { ...newRow(setting, random, since), name: 'Inbound' },
  };
}
