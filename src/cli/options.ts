import { InvalidArgumentError, Option } from 'commander';
import type { Role } from '../identity/identity.enums.ts';

/** Only the names: the enum itself brings the GraphQL layer along, which `--help` need not wait for. */
export type RoleName = keyof typeof Role;
export type PersonRoleName = Exclude<RoleName, 'SERVICE'>;

export const PERSON_ROLES: readonly PersonRoleName[] = ['ADMIN', 'SDR', 'AE', 'MARKETER', 'ANALYST'];
export const ROLES: readonly RoleName[] = [...PERSON_ROLES, 'SERVICE'];

export const jsonOption = () => new Option('--json', 'print the result as JSON');

export const organizationOption = (byDefault = 'Main') =>
  new Option('-o, --organization <name>', 'the organization to work in').default(byDefault);

/** Roles are typed in any case. */
export function roleOption<Name extends RoleName>(roles: readonly Name[], description: string) {
  const parse = (text: string): Name => {
    const role = roles.find((name) => name === text.toUpperCase());
    if (role === undefined) throw new InvalidArgumentError(`Allowed are ${roles.join(', ')}.`);
    return role;
  };
  return new Option('--role <role>', `${description}: ${roles.join(', ')}`).argParser(parse);
}

export function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`Expected is a whole number from ${least} to ${most}.`);
    return value;
  };
}
