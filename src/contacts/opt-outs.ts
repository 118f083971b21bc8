import { Refusal, UserErrorCode, type UserErrorData } from '../graphql/user-error.ts';
import { Role } from '../identity/identity.enums.ts';
import type { Principal } from '../identity/principal.ts';

interface OptOuts {
  doNotCall?: boolean;
  emailOptOut?: boolean;
}

/** A person's wish to be left alone is anybody's to note, but only an administrator's to take back. */
export function requireOptOutsKept(principal: Principal, person: OptOuts, changed: OptOuts): void {
  if (principal.role === Role.ADMIN) return;
  const errors = (['doNotCall', 'emailOptOut'] as const)
    .filter((field) => person[field] && changed[field] === false)
    .map((field): UserErrorData => ({
      code: UserErrorCode.FORBIDDEN_FIELD,
      message: `${field} was asked for by the person: only an administrator takes it back`,
      path: [field],
    }));
  if (errors.length > 0) throw new Refusal(errors);
}
