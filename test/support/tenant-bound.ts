import { tenantTables } from '../../migrations/tenant-tables.ts';
import type { Database } from '../../src/database/database.ts';
import type { Tenant } from '../../src/database/tenant.ts';

const isTenantTable = (name: string) => tenantTables.includes(name);
const KEYWORDS = new Set(['where', 'on', 'set', 'order', 'group', 'limit', 'cross', 'join', 'left', 'using']);

/** The text between each pair of parentheses, and outside all, without what is in deeper ones. */
function scopes(text: string): string[] {
  const open: string[] = [''];
  const closed: string[] = [];
  for (const character of text) {
    if (character === '(') open.push('');
    else if (character === ')' && open.length > 1) closed.push(open.pop()!);
    else open[open.length - 1] += character;
  }
  return [...closed, ...open].flatMap((scope) => scope.split(/\bunion all\b/));
}

/**
 * Where a statement reads a tenant's table without binding the tenant's id: each table of each subquery needs a condition
 * of its own, each search function the id as its first argument.
 */
export function unboundTables(text: string, values: readonly unknown[], tenant: Tenant): string[] {
  const isTenant = (parameter: string) => values[Number(parameter) - 1] === tenant.organizationId;
  const unbound: string[] = [];
  for (const scope of scopes(text)) {
    for (const [, table, word] of scope.matchAll(
      /\b(?:from|join|update|into)\s+(\w+)(?:\s+(?:as\s+)?(\w+))?/g,
    )) {
      if (!isTenantTable(table!) || scope.includes(`into ${table}`)) continue;
      const alias = word && !KEYWORDS.has(word) ? word : undefined;
      const condition = new RegExp(
        `(?:^|[^.\\w])${alias ? `${alias}\\.` : ''}organization_id = \\$(\\d+)`,
        'g',
      );
      const bound = [...scope.matchAll(condition)].some(([, parameter]) => isTenant(parameter!));
      if (!bound) unbound.push(`${table} in: ${scope.trim()}`);
    }
  }
  for (const [, name, parameter] of text.matchAll(/\b(\w+_(?:like|similar))\(\s*\$(\d+)/g)) {
    if (!isTenant(parameter!)) unbound.push(`${name} in: ${text}`);
  }
  return unbound;
}

/** Watches every statement of a database, beside whatever else observes it. */
export function watchTenants(database: Database): { assertNone(): void } {
  const unbound: string[] = [];
  const { observe } = database;
  database.observe = (text, values, tenant) => {
    observe?.(text, values, tenant);
    unbound.push(...unboundTables(text, values, tenant));
  };
  return {
    assertNone() {
      if (unbound.length > 0)
        throw new Error(`Statements that do not bind the organisation:\n${unbound.splice(0).join('\n')}`);
    },
  };
}
