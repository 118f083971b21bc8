import { fromString, getType, toUUID } from 'typeid-js';
import { badInput } from './errors.ts';
import { typeIdSuffix } from './type-id.ts';
import { invalidInput } from './user-error.ts';

/** Prefix of the public ids of each type: `acc_01h455vb4pex5vsknk084sn02q`. */
const PREFIXES = {
  Account: 'acc',
  Activity: 'act',
  Campaign: 'cmp',
  CampaignMember: 'cmm',
  Contact: 'con',
  ConversionProposal: 'cpr',
  ConversionJob: 'job',
  ExchangeRate: 'rat',
  Lead: 'led',
  LeadConversion: 'cnv',
  LeadHandoff: 'hof',
  LeadStatus: 'lst',
  Opportunity: 'opp',
  Organization: 'org',
  Queue: 'que',
  SalesTarget: 'tgt',
  Stage: 'stg',
  User: 'usr',
} as const;

export type NodeType = keyof typeof PREFIXES;

const TYPES = new Map(Object.entries(PREFIXES).map(([type, prefix]) => [prefix as string, type as NodeType]));

export function encodeId(type: NodeType, uuid: string): string {
  return `${PREFIXES[type]}_${typeIdSuffix(uuid)}`;
}

/** The type and UUID of any id, or undefined when it is none of ours. */
export function parseId(id: string): { type: NodeType; uuid: string } | undefined {
  try {
    const typed = fromString(id);
    const type = TYPES.get(getType(typed));
    return type && { type, uuid: toUUID(typed) };
  } catch {
    return undefined;
  }
}

function problem(type: NodeType, id: string): string {
  const parsed = parseId(id);
  return parsed
    ? `is the id of ${parsed.type}, expected ${type} (${PREFIXES[type]}_…)`
    : `is not an id: expected ${PREFIXES[type]}_ and 26 characters`;
}

/** The UUID behind an id in a query's argument; BAD_USER_INPUT naming the argument when it is malformed or of another type. */
export function decodeId(type: NodeType, id: string, argument: string): string {
  const parsed = parseId(id);
  if (parsed?.type !== type) throw badInput(argument, problem(type, id));
  return parsed.uuid;
}

/** The UUID behind an id in a mutation's input; refused as INVALID_INPUT at `path` when it is malformed or of another type. */
export function decodeIdOrRefuse(type: NodeType, id: string, path: string | string[]): string {
  const parsed = parseId(id);
  const field = Array.isArray(path) ? path.join('.') : path;
  if (parsed?.type !== type) throw invalidInput(path, `${field || 'It'} ${problem(type, id)}`);
  return parsed.uuid;
}
